/* mixed_table.h - a table with columns of every kind, as the text of a CSV file, from whole numbers alone:
 * the same on every machine. For the tests and for bench/table.c. */
#ifndef BENCH_MIXED_TABLE_H
#define BENCH_MIXED_TABLE_H

#include <stdio.h>

/* number (with holes), skewed, binned, colour (with holes), town, member, joined (a date), lat, lon, family
 * (rows 2i and 2i + 1 alike), weight, and the target: price (a number), or kind (a, b, c). At most 120 bytes
 * a row and 120 more; the length. */
static inline size_t mixed_table(char *text, int rows, int numbers)
{
    static const char *const colours[] = { "red", "green", "blue", "" };
    unsigned state = 1;
    char *at = text;
    at += sprintf(at, "number,skewed,binned,colour,town,member,joined,lat,lon,family,weight,%s\n",
                  numbers ? "price" : "kind");
    for (int row = 0; row < rows; row++) {
        unsigned drawn[8];
        for (int i = 0; i < 8; i++) {
            state = state * 1664525u + 1013904223u;
            drawn[i] = state >> 16 & 0x7fff;
        }
        const int number = (int)(drawn[0] % 400) - 200, colour = (int)(drawn[1] % 13) % 4,
                  town = (int)(drawn[2] % 12);
        const int lat = (int)(drawn[3] % 900), lon = (int)(drawn[4] % 1800), binned = (int)(drawn[5] % 97);
        const int score = number + 60 * colour + lat / 3 + 25 * (town % 3) + binned + (int)(drawn[6] % 40);
        if (drawn[7] % 9)
            at += sprintf(at, "%s%d.%02d", number < 0 ? "-" : "", (number < 0 ? -number : number) / 100,
                          (number < 0 ? -number : number) % 100);
        at += sprintf(at, ",%d,%d,%s,\"town %c, n.\",%s,20%02d-%02d-%02d,%d.%d,%d.%d,f%d,%d,",
                      1 << drawn[6] % 16, binned, colours[colour], 'A' + town, drawn[5] % 2 ? "yes" : "no",
                      10 + row % 14, 1 + row % 12, 1 + row * 7 % 28, lat / 10, lat % 10, lon / 10, lon % 10,
                      row / 2, 1 + row % 3);
        at += numbers ? sprintf(at, "%d.%d\n", 1000 + score, row % 10)
                      : sprintf(at, "%c\n",
                                score < 150   ? 'a'
                                : score < 330 ? 'b'
                                              : 'c');
    }
    return (size_t)(at - text);
}

/* What is asked of its columns. */
#define MIXED_COLUMNS "binned=quantile bins=5\nskewed=log\nlat,lon=fourier 4\ntown=category 3\nweight=ignore"

#endif
