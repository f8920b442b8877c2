/* palette.c - colours: of series, and of numbers. */
#include "plot/figure.h"

#include <math.h>

sl_rgb sl_colour_rgb(sl_colour colour)
{
    /* Okabe and Ito 2008 (jfly.uni-koeln.de/color), blue first; yellow darkened to be seen on white */
    static const sl_rgb colours[] = {
        { 0, 114, 178 },  { 230, 159, 0 }, { 0, 158, 115 }, { 213, 94, 0 },    { 204, 121, 167 },
        { 86, 180, 233 }, { 196, 176, 0 }, { 0, 0, 0 },     { 127, 127, 127 }, { 255, 255, 255 },
    };
    if (colour >= SL_SHADE && colour < SL_SHADE + SL_SHADES) /* the lightest is still seen on white */
        return sl_tint_rgb(SL_SEQUENTIAL, 2 + (double)(colour - SL_SHADE), 0, SL_SHADES + 1);
    return colours[colour <= SL_LIGHT ? colour : SL_BLACK];
}

typedef struct {
    double at;
    sl_rgb rgb;
} palette_stop;

static sl_rgb palette_between(const palette_stop *stops, double at)
{
    int i = 0;
    while (stops[i + 1].at < at)
        i++;
    const double share = (at - stops[i].at) / (stops[i + 1].at - stops[i].at);
    const sl_rgb a = stops[i].rgb, b = stops[i + 1].rgb;
    return (sl_rgb){ (unsigned char)(a.red + share * (b.red - a.red) + 0.5),
                     (unsigned char)(a.green + share * (b.green - a.green) + 0.5),
                     (unsigned char)(a.blue + share * (b.blue - a.blue) + 0.5) };
}

sl_rgb sl_tint_rgb(sl_tint tint, double value, double low, double high)
{
    static const palette_stop sequential[] = { /* white to dark blue, ever darker */
                                               { 0, { 255, 255, 255 } },
                                               { 0.25, { 198, 219, 239 } },
                                               { 0.5, { 107, 174, 214 } },
                                               { 0.75, { 33, 113, 181 } },
                                               { 1, { 8, 48, 107 } }
    };
    static const palette_stop diverging[] = { { 0, { 0, 84, 148 } },
                                              { 0.25, { 116, 173, 209 } },
                                              { 0.5, { 247, 247, 247 } },
                                              { 0.75, { 244, 177, 103 } },
                                              { 1, { 179, 88, 6 } } };
    static const palette_stop greys[] = { { 0, { 0, 0, 0 } }, { 1, { 255, 255, 255 } } };
    if (!(value - value == 0))
        return (sl_rgb){ 255, 255, 255 };
    if (tint == SL_CLASSES) { /* strength 0: nearly white */
        const double class_index = floor(value), strength = value - class_index;
        const palette_stop to[] = { { 0, { 255, 255, 255 } },
                                    { 1, sl_colour_rgb(sl_figure_class_colour((int)class_index)) } };
        return palette_between(to, 0.06 + 0.5 * strength);
    }
    double at = high > low ? (value - low) / (high - low) : 0.5;
    at = at < 0 ? 0 : at > 1 ? 1 : at;
    return palette_between(tint == SL_DIVERGING ? diverging : tint == SL_GREYS ? greys : sequential, at);
}
