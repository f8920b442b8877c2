/* terminal_palette.c - colours out of the 256 that terminals have, and numbers as they stand beside bars. */
#include "plot/draw/terminal.h"

#include <math.h>
#include <string.h>

int sl_terminal_colour(sl_colour colour)
{
    static const int colours[] = { 32, 208, 35, 160, 175, 74, 178, -1, 244, -1 };
    return colours[colour <= SL_LIGHT ? colour : SL_BLACK];
}

int sl_terminal_tint(sl_tint tint, double share)
{
    static const int sequential[] = { 231, 195, 153, 117, 74, 32, 25, 19, 18, 17 };
    static const int diverging[] = { 25, 32, 74, 117, 153, 255, 223, 215, 208, 166, 130 };
    static const int classes[SL_COLOURS][4] = { { 189, 153, 110, 67 },  { 230, 223, 222, 215 },
                                                { 194, 151, 115, 72 },  { 224, 216, 209, 173 },
                                                { 225, 218, 182, 175 }, { 195, 159, 117, 81 },
                                                { 230, 229, 228, 185 } };
    if (!(share - share == 0))
        return -1;
    if (tint == SL_CLASSES) {
        const double index = floor(share), strength = share - index;
        return classes[sl_figure_class_colour(index > 0 && index < 1e6 ? (int)index : 0)]
                      [(int)(strength * 3.999)];
    }
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    if (tint == SL_GREYS) { /* 24 greys, and black and white about them */
        const int grey = (int)(share * 25.999);
        return grey == 0 ? 16 : grey == 25 ? 231 : 231 + grey;
    }
    return tint == SL_DIVERGING ? diverging[(int)(share * 10.999)] : sequential[(int)(share * 9.999)];
}

const char *sl_terminal_number(sl_figure *figure, double value, int figures)
{
    double scale = 1;
    const double size = fabs(value);
    if (!(value - value == 0))
        return value > 0 ? "inf" : value < 0 ? "-inf" : "-";
    for (int i = 1; i < figures; i++)
        scale *= 10;
    const double least = scale;
    while (size > 0 && size * scale / least < 1 && scale < 1e15)
        scale *= 10;
    while (scale > 1 && size * scale >= least * 10)
        scale /= 10;
    const double rounded = size < 1e12 ? floor(value * scale + 0.5) / scale : value;
    const char *text = sl_figure_number(figure, rounded == 0 ? 0 : rounded);
    return text ? text : "";
}

const char *sl_terminal_fixed(sl_figure *figure, double value, int behind)
{
    double scale = 1;
    for (int i = 0; i < behind; i++)
        scale *= 10;
    if (!(fabs(value) * scale < 1e15))
        return sl_terminal_number(figure, value, 3);
    const unsigned long long all = (unsigned long long)(fabs(value) * scale + 0.5);
    const unsigned long long whole = all / (unsigned long long)scale, part = all % (unsigned long long)scale;
    const char *sign = value < 0 && all ? "-" : "";
    const char *text = behind ? sl_figure_format(figure, "%s%llu.%0*llu", sign, whole, behind, part)
                              : sl_figure_format(figure, "%s%llu", sign, whole);
    return text ? text : "";
}
