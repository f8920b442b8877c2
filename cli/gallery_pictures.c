/* gallery_pictures.c - see gallery.h */
#include "gallery.h"

#include <stddef.h>

static const cli_gallery_picture gallery_pictures[] = {
    { "activations",
      "Functions",
      "Activations beside their derivatives",
      "The sigmoid's derivative is at most 0.25: ten layers of it leave a millionth of a gradient.",
      "S36",
      { "plot activations -o activations.svg" } },
};

const cli_gallery_picture *cli_gallery_at(int index)
{
    return index >= 0 && (size_t)index < sizeof gallery_pictures / sizeof *gallery_pictures
               ? &gallery_pictures[index]
               : NULL;
}
