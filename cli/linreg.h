/* linreg.h - the points and walks of slope linreg. Its files work in double, as gradcheck does. */
#ifndef CLI_LINREG_H
#define CLI_LINREG_H

#include "cli.h"

typedef struct {
    const char *data, *target, *figure, *output;
    double lr;
    int epochs;
    uint64_t seed;
    bool json;
} linreg_settings;

enum { LINREG_CURVES = 3, LINREG_SHOWN = 3 };

typedef struct {
    const char *name; /* of the data */
    size_t n;
    double *x, *y;
    const double *truth;          /* the line that the points were made by; NULL: not known */
    double best[2], least, limit; /* the least-squares line, its loss, 2/curvature of the loss */
    sl_report *single;            /* one epoch, a point a step */
    sl_report *epochs;            /* several, a point a step */
    sl_report *curves[LINREG_CURVES];
    double lr_single, lr_epochs;
} linreg_work;

extern const struct linreg_curve {
    const char *name;
    double lr;
    int batch;
} cli_linreg_curves[LINREG_CURVES];

/* Deviation of a column over rows first .. last; of the differences from row to row. */
double cli_linreg_spread(const sl_report *report, const char *column, int first, int last);
double cli_linreg_roughness(const sl_report *report);
bool cli_linreg_falls(const sl_report *report); /* the loss, in each step */
/* The row behind an epoch's last step. */
int cli_linreg_row(const sl_report *report, int epoch);

bool cli_linreg_show(const linreg_work *work);
void cli_linreg_json(const linreg_work *work);

#endif
