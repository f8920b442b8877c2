/* diagnosis.c - how often is the true cause of a broken training named first, or among the first three, and
 * how often is a healthy one accused? On set-ups drawn by seeds (sl_setup_draw), as many of each cause:
 *
 *     build/bench/diagnosis FIRST LAST [CAUSE]      the seeds; of one cause alone
 *
 * A line for each set-up: its cause, the seed, and the first findings, notes in brackets. Seeds from 1 to 999
 * are those that rules are fitted on; rates are reported on others. */
#include "slope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BENCH_SHOWN = 4, BENCH_NEAR = 3 };

typedef struct {
    int broken, first, near, healthy, accused, failed;
    int proofs, worse; /* of faults, with a fix; where what it says is no better with it */
} bench_rates;

static void bench_one(bench_rates *rates, int index, const char *cause, bool healthy, uint64_t seed)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = seed });
    sl_run_options options = { 0 };
    sl_diagnosis *diagnosis = sl_setup_draw(ctx, index, seed, &options)
                                  ? NULL
                                  : sl_diagnose(ctx, &(sl_diagnose_options){ .options = &options });
    sl_finding finding;
    int place = -1, faults = 0;
    printf("%-20s %llu ", cause, (unsigned long long)seed);
    for (int i = 0; sl_diagnosis_at(diagnosis, i, &finding); i++) {
        if (!finding.note && place < 0 && !strcmp(finding.name, cause))
            place = i;
        faults += !finding.note;
        if (!finding.note && finding.proved && !finding.tells) {
            rates->proofs++;
            rates->worse += !(finding.after < finding.before);
        }
        if (i < BENCH_SHOWN)
            printf(finding.note ? " (%s)" : " %s", finding.name);
    }
    printf("%s%s\n", diagnosis ? "" : " failed: ", diagnosis ? "" : sl_message(ctx));
    rates->failed += !diagnosis;
    rates->broken += !healthy;
    rates->healthy += healthy;
    rates->first += !healthy && place == 0;
    rates->near += !healthy && place >= 0 && place < BENCH_NEAR;
    rates->accused += healthy && faults > 0;
    sl_diagnosis_free(diagnosis);
    sl_ctx_free(ctx);
}

int main(int argc, char **argv)
{
    const uint64_t first = argc >= 3 ? strtoull(argv[1], NULL, 10) : 0,
                   last = argc >= 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (!first || last < first) {
        fprintf(stderr, "usage: diagnosis FIRST LAST [CAUSE]: two seeds, the first at least 1\n");
        return 2;
    }
    bench_rates rates = { 0 };
    bool healthy;
    const char *cause;
    for (int i = 0; (cause = sl_setup_at(i, &healthy)); i++)
        for (uint64_t seed = first; seed <= last && (argc < 4 || !strcmp(argv[3], cause)); seed++)
            bench_one(&rates, i, cause, healthy, seed);
    printf("broken %d: the cause first %d, among the first three %d; healthy %d: accused %d; failed %d\n"
           "proofs of faults %d: no better with the fix %d\n",
           rates.broken, rates.first, rates.near, rates.healthy, rates.accused, rates.failed, rates.proofs,
           rates.worse);
    return rates.failed > 0;
}
