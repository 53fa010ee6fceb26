#include "model/md5.h"

#include "base/cleanup.h"

#define BLOCK_SIZE 64

/* floor(2^32 * |sin(i + 1)|), RFC 1321 section 3.4. */
static const uint32_t sines[64] = {
    0xd76aa478,
    0xe8c7b756,
    0x242070db,
    0xc1bdceee,
    0xf57c0faf,
    0x4787c62a,
    0xa8304613,
    0xfd469501,
    0x698098d8,
    0x8b44f7af,
    0xffff5bb1,
    0x895cd7be,
    0x6b901122,
    0xfd987193,
    0xa679438e,
    0x49b40821,
    0xf61e2562,
    0xc040b340,
    0x265e5a51,
    0xe9b6c7aa,
    0xd62f105d,
    0x02441453,
    0xd8a1e681,
    0xe7d3fbc8,
    0x21e1cde6,
    0xc33707d6,
    0xf4d50d87,
    0x455a14ed,
    0xa9e3e905,
    0xfcefa3f8,
    0x676f02d9,
    0x8d2a4c8a,
    0xfffa3942,
    0x8771f681,
    0x6d9d6122,
    0xfde5380c,
    0xa4beea44,
    0x4bdecfa9,
    0xf6bb4b60,
    0xbebfbc70,
    0x289b7ec6,
    0xeaa127fa,
    0xd4ef3085,
    0x04881d05,
    0xd9d4d039,
    0xe6db99e5,
    0x1fa27cf8,
    0xc4ac5665,
    0xf4292244,
    0x432aff97,
    0xab9423a7,
    0xfc93a039,
    0x655b59c3,
    0x8f0ccc92,
    0xffeff47d,
    0x85845dd1,
    0x6fa87e4f,
    0xfe2ce6e0,
    0xa3014314,
    0x4e0811a1,
    0xf7537e82,
    0xbd3af235,
    0x2ad7d2bb,
    0xeb86d391,
};

static const uint8_t shifts[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t rotate_left(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

static uint32_t load_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* The round's function of three words, and which word of the block step `i` takes. */
static uint32_t mix(size_t i, const uint32_t state[4], size_t *ret_word)
{
    uint32_t b = state[1], c = state[2], d = state[3];

    switch (i / 16) {
    case 0:
        *ret_word = i;
        return (b & c) | (~b & d);
    case 1:
        *ret_word = (5 * i + 1) % 16;
        return (d & b) | (~d & c);
    case 2:
        *ret_word = (3 * i + 5) % 16;
        return b ^ c ^ d;
    default:
        *ret_word = (7 * i) % 16;
        return c ^ (b | ~d);
    }
}

static void add_block(uint32_t sum[4], const uint8_t *block)
{
    uint32_t state[4] = {sum[0], sum[1], sum[2], sum[3]};

    for (size_t i = 0; i < 64; i++) {
        size_t word = 0;
        uint32_t mixed = mix(i, state, &word) + state[0] + sines[i] + load_word(block + 4 * word);
        state[0] = state[3];
        state[3] = state[2];
        state[2] = state[1];
        state[1] += rotate_left(mixed, shifts[i / 16][i % 4]);
    }
    for (size_t i = 0; i < 4; i++)
        sum[i] += state[i];
}

void md5(const void *data, size_t length, uint8_t ret_digest[MD5_SIZE])
{
    uint32_t sum[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    const uint8_t *bytes = data;
    uint8_t tail[2 * BLOCK_SIZE] = {0};
    size_t rest = length % BLOCK_SIZE;
    size_t tail_length = rest < BLOCK_SIZE - 8 ? BLOCK_SIZE : 2 * BLOCK_SIZE;

    for (size_t i = 0; i + BLOCK_SIZE <= length; i += BLOCK_SIZE)
        add_block(sum, bytes + i);

    /* The rest, a one bit, zeros, and the length in bits. */
    if (rest)
        memcpy(tail, bytes + length - rest, rest);
    tail[rest] = 0x80;
    for (size_t i = 0; i < 8; i++)
        tail[tail_length - 8 + i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
    for (size_t i = 0; i < tail_length; i += BLOCK_SIZE)
        add_block(sum, tail + i);

    for (size_t i = 0; i < MD5_SIZE; i++)
        ret_digest[i] = (uint8_t)(sum[i / 4] >> (8 * (i % 4)));
}
