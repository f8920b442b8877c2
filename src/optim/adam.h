/* adam.h - what adam and its relatives share. */
#ifndef SL_OPTIM_ADAM_H
#define SL_OPTIM_ADAM_H

#include "optim/optim.h"

extern const sl_option sl_adam_options[4]; /* beta1, beta2, epsilon */

/* The two corrections are moved into the step and epsilon, as the paper's section 2 suggests: one division
 * and one square root a weight.                                                                           */
void sl_adam_prepare(sl_update *u);
/* keep: the factor on the weight before the step (adamw's decay); decay: adam's, a term of the gradient. */
void sl_adam_update(sl_isa isa, const sl_update *u, sl_real keep, sl_real decay, sl_real *w, sl_real *g,
                    sl_real *m, sl_real *v, size_t n);

#endif
