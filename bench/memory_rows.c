/* memory_rows.c - writes a large table: memory_rows BYTES SEED > big.csv. Twelve numbers, a category, a date
 * and the target, which follows from them; a few holes. Quick: formatting by hand, no library random numbers.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t rows_state;

static uint32_t rows_next(void)
{
    rows_state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = rows_state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(z >> 32);
}

static char *rows_put(char *at, int64_t value, int decimals) /* value / 10^decimals */
{
    char digits[24];
    int count = 0;
    if (value < 0)
        *at++ = '-';
    uint64_t left = value < 0 ? (uint64_t)-value : (uint64_t)value;
    do
        digits[count++] = (char)('0' + left % 10);
    while ((left /= 10) || count <= decimals);
    while (count--) {
        *at++ = digits[count];
        if (count && count == decimals)
            *at++ = '.';
    }
    return at;
}

int main(int argc, char **argv)
{
    static const char *const cities[] = { "Oslo", "Rome", "York", "Bern", "Riga", "Cork", "Nice", "Graz" };
    static char buffer[1 << 20];
    if (argc != 3)
        return 2;
    const uint64_t bytes = strtoull(argv[1], NULL, 10);
    uint64_t written = 0;
    rows_state = strtoull(argv[2], NULL, 10);
    char *at = buffer + sprintf(buffer, "a,b,c,d,e,f,g,h,i,j,k,l,city,day,y\n");
    while (written + (uint64_t)(at - buffer) < bytes) {
        int64_t x[12], y;
        for (int i = 0; i < 12; i++) {
            x[i] = (int64_t)(rows_next() % 2000001) - 1000000;
            if (i < 11 || rows_next() % 50)
                at = rows_put(at, x[i], i % 3 ? 6 : 3);
            *at++ = ',';
        }
        const uint32_t city = rows_next() % 8;
        memcpy(at, cities[city], 4);
        at += 4;
        at += sprintf(at, ",20%02u-%02u-%02u,", rows_next() % 25, rows_next() % 12 + 1, rows_next() % 28 + 1);
        y = x[0] / 1000 * (x[1] / 1000) / 1000 + x[2] / 2000 + (city == 1 ? 700 : 0) - x[3] / 4000;
        y += (int64_t)(rows_next() % 401) - 200;
        at = rows_put(at, y, 3);
        *at++ = '\n';
        if (at > buffer + sizeof buffer - 4096) {
            written += (uint64_t)fwrite(buffer, 1, (size_t)(at - buffer), stdout);
            at = buffer;
        }
    }
    fwrite(buffer, 1, (size_t)(at - buffer), stdout);
    return 0;
}
