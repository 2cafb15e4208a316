#include "engine/infer_priv.h"

double md_infer_finding_log(const struct md_infer_finding *f, double pass, double never)
{
    double absent = (1 - md_infer_within(f->leak, MD_INFER_LEAST, MD_INFER_MOST)) * pass;
    double present = (1 - absent) * never;

    if (f->truth == MD_UNKNOWN || f->weight <= 0)
        return 0;
    if (f->error > 0) {
        present = md_infer_told(present, f->error);
        return f->weight * log(f->truth == MD_PRESENT ? present : 1 - present);
    }
    if (f->truth == MD_PRESENT)
        return f->weight * log(present);
    return f->weight * log(never < 1 ? 1 - present : absent);
}

static void find_open(struct md_infer_model *m, struct md_arena *scratch)
{
    const struct md_infer_input *in = m->in;

    m->open = md_arena_array(scratch, in->n_findings, sizeof *m->open);
    for (size_t j = 0; j < in->n_findings; j++) {
        bool is_open = false;

        for (size_t c = 0; c < m->n && in->findings[j].truth != MD_UNKNOWN; c++) {
            bool is_excluded = m->never[c * in->n_findings + j] < 1;

            is_open |= is_excluded || ((in->findings[j].truth == MD_PRESENT || in->findings[j].error > 0) &&
                                       m->pass[c * in->n_findings + j] < 1);
        }
        if (is_open)
            m->open[m->n_open++] = j;
    }
    for (size_t c = 0; c < m->n; c++) {
        const double *pass = m->pass + c * in->n_findings, *never = m->never + c * in->n_findings;
        size_t at = 0;

        m->touched[c] = md_arena_array(scratch, m->n_open, sizeof *m->touched[c]);
        m->fixed[c] = m->logit[c];
        for (size_t j = 0; j < in->n_findings; j++) {
            bool is_open = at < m->n_open && m->open[at] == j;

            if (is_open && (pass[j] < 1 || never[j] < 1))
                m->touched[c][m->n_touched[c]++] = at;
            if (!is_open && in->findings[j].truth == MD_ABSENT && pass[j] < 1)
                m->fixed[c] += in->findings[j].weight * log(pass[j]);
            at += is_open;
        }
    }
}

static void add_world(struct md_infer_model *m, uint32_t members, double score)
{
    if (m->n_worlds == m->cap) {
        m->cap = m->cap > 0 ? 2 * m->cap : 256;
        m->worlds = md_xrealloc(m->worlds, m->cap * sizeof *m->worlds);
    }
    m->worlds[m->n_worlds++] = (struct md_infer_world){members, score};
}

/* Adds a candidate to the world being extended; gives what it does to the score. */
static double put(struct md_infer_model *m, size_t c, double *saved)
{
    double change = m->fixed[c];

    for (size_t t = 0; t < m->n_touched[c]; t++) {
        size_t o = m->touched[c][t], at = c * m->in->n_findings + m->open[o];

        saved[3 * t] = m->now_pass[o];
        saved[3 * t + 1] = m->now_never[o];
        saved[3 * t + 2] = m->now_term[o];
        m->now_pass[o] *= m->pass[at];
        m->now_never[o] *= m->never[at];
        m->now_term[o] = md_infer_finding_log(&m->in->findings[m->open[o]], m->now_pass[o], m->now_never[o]);
        change += m->now_term[o] - saved[3 * t + 2];
    }
    return change;
}

static void take_back(struct md_infer_model *m, size_t c, const double *saved)
{
    for (size_t t = 0; t < m->n_touched[c]; t++) {
        size_t o = m->touched[c][t];

        m->now_pass[o] = saved[3 * t];
        m->now_never[o] = saved[3 * t + 1];
        m->now_term[o] = saved[3 * t + 2];
    }
}

/* All worlds that extend `members` by candidates from `from` on. */
static void extend(struct md_infer_model *m, size_t from, uint32_t members, size_t faults, size_t benign, double score)
{
    double *saved = m->saved + 3 * m->n_open * (faults + benign);

    add_world(m, members, score);
    for (size_t c = from; c < m->n; c++) {
        if (m->is_benign[c] ? benign == MD_INFER_MAX_BENIGN : faults == MD_INFER_MAX_FAULTS)
            continue;
        extend(m, c + 1, members | UINT32_C(1) << c, faults + !m->is_benign[c], benign + m->is_benign[c],
               score + put(m, c, saved));
        take_back(m, c, saved);
    }
}

void md_infer_enumerate(struct md_infer_model *m, struct md_arena *scratch)
{
    const struct md_infer_input *in = m->in;

    find_open(m, scratch);
    m->now_pass = md_arena_array(scratch, m->n_open, sizeof(double));
    m->now_never = md_arena_array(scratch, m->n_open, sizeof(double));
    m->now_term = md_arena_array(scratch, m->n_open, sizeof(double));
    m->saved = md_arena_array(scratch, 3 * m->n_open * (MD_INFER_MAX_FAULTS + MD_INFER_MAX_BENIGN + 1), sizeof(double));
    for (int unlisted = 0; unlisted <= (m->has_unlisted ? 1 : 0); unlisted++) {
        double pass = unlisted ? m->unlisted_pass : 1, score = unlisted ? m->unlisted_logit : 0;

        for (size_t j = 0; j < in->n_findings; j++)
            score += md_infer_finding_log(&in->findings[j], pass, 1);
        for (size_t o = 0; o < m->n_open; o++) {
            m->now_pass[o] = pass;
            m->now_never[o] = 1;
            m->now_term[o] = md_infer_finding_log(&in->findings[m->open[o]], pass, 1);
        }
        extend(m, 0, unlisted ? MD_INFER_UNLISTED : 0, 0, 0, score);
    }
    /* Relative to the best; with the temperature. */
    if (m->n_worlds > 0) {
        double best = m->worlds[0].score;

        for (size_t w = 1; w < m->n_worlds; w++)
            best = fmax(best, m->worlds[w].score);
        for (size_t w = 0; w < m->n_worlds; w++)
            m->worlds[w].score = (m->worlds[w].score - best) / m->temperature;
    }
}
