#include "model/debian_provides.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

struct provided {
    const char *name; /* a folder ends in '/': all that is in it */
    const char *package;
};

static const struct provided headers[] = {
    {"Python.h", "python3-dev"},
    {"assert.h", "build-essential"},
    {"blas.h", "libopenblas-dev"},
    {"boost/", "libboost-all-dev"},
    {"bzlib.h", "libbz2-dev"},
    {"cairo.h", "libcairo2-dev"},
    {"cblas.h", "libopenblas-dev"},
    {"curl/", "libcurl4-openssl-dev"},
    {"expat.h", "libexpat1-dev"},
    {"ffi.h", "libffi-dev"},
    {"ft2build.h", "libfreetype-dev"},
    {"geos_c.h", "libgeos-dev"},
    {"gdal.h", "libgdal-dev"},
    {"GL/", "libgl1-mesa-dev"},
    {"gmp.h", "libgmp-dev"},
    {"graphviz/", "libgraphviz-dev"},
    {"gssapi/", "libkrb5-dev"},
    {"hdf5.h", "libhdf5-dev"},
    {"jpeglib.h", "libjpeg-dev"},
    {"krb5.h", "libkrb5-dev"},
    {"lber.h", "libldap2-dev"},
    {"ldap.h", "libldap2-dev"},
    {"libavcodec/", "libavcodec-dev"},
    {"libavdevice/", "libavdevice-dev"},
    {"libavformat/", "libavformat-dev"},
    {"libpq-fe.h", "libpq-dev"},
    {"libxml/", "libxml2-dev"},
    {"libxslt/", "libxslt1-dev"},
    {"limits.h", "build-essential"},
    {"lz4.h", "liblz4-dev"},
    {"lzma.h", "liblzma-dev"},
    {"mpfr.h", "libmpfr-dev"},
    {"mpi.h", "libopenmpi-dev"},
    {"mysql.h", "default-libmysqlclient-dev"},
    {"openssl/", "libssl-dev"},
    {"png.h", "libpng-dev"},
    {"portaudio.h", "portaudio19-dev"},
    {"proj.h", "libproj-dev"},
    {"readline/", "libreadline-dev"},
    {"sasl/", "libsasl2-dev"},
    {"snappy-c.h", "libsnappy-dev"},
    {"snappy.h", "libsnappy-dev"},
    {"sndfile.h", "libsndfile1-dev"},
    {"sox.h", "libsox-dev"},
    {"sql.h", "unixodbc-dev"},
    {"sqlite3.h", "libsqlite3-dev"},
    {"stdio.h", "build-essential"},
    {"stdlib.h", "build-essential"},
    {"string.h", "build-essential"},
    {"tiff.h", "libtiff-dev"},
    {"X11/", "libx11-dev"},
    {"yaml.h", "libyaml-dev"},
    {"zlib.h", "zlib1g-dev"},
    {"zmq.h", "libzmq3-dev"},
    {"zstd.h", "libzstd-dev"},
};

static const struct provided programs[] = {
    {"bzip2", "bzip2"},
    {"c++", "build-essential"},
    {"cargo", "cargo"},
    {"cc", "build-essential"},
    {"cmake", "cmake"},
    {"curl", "curl"},
    {"ffmpeg", "ffmpeg"},
    {"g++", "build-essential"},
    {"gcc", "build-essential"},
    {"gfortran", "gfortran"},
    {"git", "git"},
    {"gpg", "gnupg"},
    {"java", "default-jre-headless"},
    {"make", "build-essential"},
    {"mpicc", "libopenmpi-dev"},
    {"mysql_config", "default-libmysqlclient-dev"},
    {"ninja", "ninja-build"},
    {"node", "nodejs"},
    {"npm", "npm"},
    {"patch", "patch"},
    {"pg_config", "libpq-dev"},
    {"pip", "python3-pip"},
    {"pip3", "python3-pip"},
    {"pkg-config", "pkg-config"},
    {"python", "python-is-python3"},
    {"python3", "python3"},
    {"rustc", "rustc"},
    {"sudo", "sudo"},
    {"swig", "swig"},
    {"unzip", "unzip"},
    {"wget", "wget"},
    {"xz", "xz-utils"},
    {"zip", "zip"},
};

static const char *find(const struct provided *all, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(all[i].name);
        bool folder = all[i].name[length - 1] == '/';
        if (folder ? strncmp(name, all[i].name, length) == 0 : strcmp(name, all[i].name) == 0)
            return all[i].package;
    }
    return NULL;
}

const char *debian_package_of_header(const char *header)
{
    return find(headers, ELEMENTS(headers), header);
}

const char *debian_package_of_program(const char *program)
{
    return find(programs, ELEMENTS(programs), program);
}
