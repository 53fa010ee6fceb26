# Small wheels that pip takes, made without a build tool.

# wheel NAME VERSION [FOLDER [METADATA…]]: in a folder of the user's, ~/project/wheels if none is
# named. Further lines go into its metadata: "Requires-Dist: torch==2.3".
wheel() {
    baker python3 - "$@" <<'END'
import os, sys, zipfile
name, version = sys.argv[1:3]
folder = sys.argv[3] if len(sys.argv) > 3 else 'project/wheels'
os.makedirs(folder, exist_ok=True)
info = f'{name}-{version}.dist-info'
metadata = [f'Metadata-Version: 2.1', f'Name: {name}', f'Version: {version}'] + sys.argv[4:]
with zipfile.ZipFile(f'{folder}/{name}-{version}-py3-none-any.whl', 'w') as wheel:
    wheel.writestr(f'{name}.py', f'version = "{version}"\n')
    wheel.writestr(f'{info}/METADATA', '\n'.join(metadata) + '\n')
    wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
    wheel.writestr(f'{info}/RECORD', '')
END
}
