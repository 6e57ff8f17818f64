/* SPDX-FileCopyrightText: 2026 The momentum-models authors */
/* SPDX-License-Identifier: MIT */

/* The two passes of a momentum model over its vectors, on CPUs. The first reads and adds up, the
 * second writes: until all sums are known nothing has changed.
 *
 * A plain C interface on data pointers, which needs nothing but libc and libm; threads are those of
 * torch, handed in as a pointer (momo_threads). The file includes itself once for each instruction
 * set and each of float and double. What is done to an element stands once: the average in AVERAGE,
 * the preconditioners in `remember` and `direct`, the iterates in `follow`. They get their choice as
 * a constant, so that the compiler makes a loop of each combination.
 *
 * Sums: in REAL over BLOCK elements, in double beyond; one of each CHUNK elements, added up in the
 * order of the chunks. So the bits do not depend on the number of threads. */
#ifndef BODY
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef MOMO_SOURCE
#define MOMO_SOURCE "" /* a digest of this file, by which the library is known to be made of it */
#endif
#define BLOCK 256   /* elements at a time, whose working copies fit the first-level cache */
#define CHUNK 16384 /* elements that one thread takes at a time */
#define STRIDE 1024 /* elements to the next ones that are marked, MARKED bytes of them */
#define MARKED 64
#define MARKS (CHUNK / STRIDE)

/* What a tensor of a row is: x, its gradient, d, the compensation of x, the preconditioner's memory,
 * the base point z, and the average of the schedule-free methods. */
enum { X, GRAD, AVG, COMP, MEM0, MEM1, BASE, MEAN, COLUMNS };
enum { F32, F64, BF16, F16 };
/* Preconditioners, iterates, and whether a row has a gradient, had one, or is out of the line. */
enum { IDENTITY, SIGN, ROOT, ROOT_MAX, BELIEF, METRICS };
enum { PLAIN, AVERAGING, SCHEDULE_FREE, SCALED };
enum { TOUCHED, ABSENT, FROZEN };
enum { AVERAGED, GIVEN, FRESH };
/* Sums of the first pass. The second measures, where it is asked to, for x and d as they are stored:
 * <d_{k-1}, x^k> in BEFORE (0 where d_{k-1} is not read), <d_k, x^k> in KEPT, and <d_k, x^{k+1}> in
 * NOW. A first pass that does not read x counts in KEPT where it is not what the second one wrote, as
 * far as that is marked. */
enum { BEFORE, NOW, DUAL, SHIFT, KEPT, SLOPE, NORM, SUMS };

typedef struct { /* what rows of one kind share */
  int32_t metric, two_rate, iterates, mode, points, read_x, weighted, measured;
  int32_t dtype[COLUMNS];
  double share;                /* by which the gradient is clipped */
  double past_model, new_model, past_kept, new_kept; /* of d, as the model sees it, and as kept */
  double past_memory, new_memory, eps;
  double keep, size, follow, beta; /* z <- keep z - size direction; how far x follows; of y */
} kind_t;
typedef struct { /* the tensors of a parameter, or of a part of it */
  void *column[COLUMNS];
  double *weight;              /* of the memory: what is stored, what comes next, its root */
  double next, root;
  int64_t size;
  int32_t kind, slot;          /* whose sums these go to */
} row_t;
typedef struct {
  int32_t pass, threads, rows_count, slots;
  row_t *rows;
  const kind_t *kinds;
  const int64_t *first;        /* the first chunk of each row, and the number of all */
  const int64_t *element;      /* the first element of each row, and the number of all */
  double *parts;               /* SUMS a chunk */
  uint64_t *marks;             /* MARKS a chunk: what some elements of x were when they were written */
  double *sums;                /* SUMS a slot */
} call_t;
static const int WIDTH[] = {4, 8, 2, 2};
typedef void (*chunk_fn)(const call_t *, const row_t *, int64_t, int64_t, double *, uint64_t *);

/* A number that is another, all but surely, where one of the first MARKED bytes is another. */
static inline uint64_t mark(const void *p, int64_t bytes) {
  uint64_t q[MARKED / 8] = {0}, sum = 0;
  memcpy(q, p, (size_t)(bytes < MARKED ? bytes : MARKED));
  for (int i = 0; i < MARKED / 8; i++) sum += q[i] * (0x9E3779B97F4A7C15u + 2 * (uint64_t)i * 0xBF58476D1CE4E5B9u);
  return sum;
}
static inline float bits_f(uint32_t u) { float f; memcpy(&f, &u, 4); return f; }
static inline uint32_t f_bits(float f) { uint32_t u; memcpy(&u, &f, 4); return u; }

#define BODY
#define ISA base
#define HW16 0
#define TARGET
#include "kernels.c"
#undef ISA
#undef HW16
#undef TARGET
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define MANY_ISAS
#include <immintrin.h>
#define HW16 1
#define ISA avx2
#define TARGET __attribute__((target("avx2,fma,f16c")))
#include "kernels.c"
#undef ISA
#undef TARGET
#define ISA avx512 /* float alone: of double half as many fit, and AVX2 reads memory as fast */
#define FLOAT_ALONE
#ifdef __clang__ /* knows no prefer-vector-width, and would leave the whole attribute out */
#define WIDE
#else
#define WIDE ",prefer-vector-width=512"
#endif
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c" WIDE)))
#include "kernels.c"
#undef ISA
#undef TARGET
#endif

static chunk_fn chunks_f32 = chunk_base_float, chunks_f64 = chunk_base_double;

const char *momo_source(void) { return MOMO_SOURCE; }

/* Choose an instruction set: 0 what every processor has, 1 AVX2, 2 AVX-512; -1 the best. The one
 * that is used is returned: no better one than there is. */
int momo_isa(int wanted) {
  int best = 0;
#ifdef MANY_ISAS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")) best = 1;
  if (best && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) best = 2;
#endif
  if (wanted >= 0 && wanted < best) best = wanted;
  chunks_f32 = chunk_base_float; chunks_f64 = chunk_base_double;
#ifdef MANY_ISAS
  if (best == 1) { chunks_f32 = chunk_avx2_float; chunks_f64 = chunk_avx2_double; }
  if (best == 2) { chunks_f32 = chunk_avx512_float; chunks_f64 = chunk_avx2_double; }
#endif
  return best;
}

/* torch_parallel_for of torch 2.10 and later: any pool of threads, serial within a parallel region.
 * GOMP_parallel of the OpenMP that an older one has loaded. Neither: serial. */
typedef int32_t (*torch_for_t)(int64_t, int64_t, int64_t, void (*)(int64_t, int64_t, void *), void *);
typedef void (*gomp_t)(void (*)(void *), void *, unsigned, unsigned);
typedef int (*int_t)(void);
static torch_for_t torch_for; static gomp_t gomp; static int_t gomp_thread, gomp_threads;
void momo_threads(void *torch_parallel_for, void *parallel, void *thread_num, void *num_threads) {
  torch_for = (torch_for_t)torch_parallel_for;
  gomp = (gomp_t)parallel; gomp_thread = (int_t)thread_num; gomp_threads = (int_t)num_threads;
}

/* The chunks whose first element lies in the share of thread t of nt. */
static void part_of(const call_t *c, int t, int nt) {
  int64_t total = c->element[c->rows_count], lo = total / nt * t, hi = t + 1 == nt ? total : total / nt * (t + 1);
  int a = 0, b = c->rows_count; /* the last row that starts at or before lo */
  while (b - a > 1) { int k = (a + b) / 2; if (c->element[k] <= lo) a = k; else b = k; }
  for (int i = a; i < c->rows_count && c->element[i] < hi; i++) {
    const row_t *row = c->rows + i; const kind_t *kind = c->kinds + row->kind;
    chunk_fn run = kind->dtype[X] == F64 ? chunks_f64 : chunks_f32;
    int64_t at = c->element[i] < lo ? (lo - c->element[i] + CHUNK - 1) / CHUNK * CHUNK : 0;
    for (; at < row->size && c->element[i] + at < hi; at += CHUNK)
      run(c, row, at, at + CHUNK < row->size ? at + CHUNK : row->size,
          c->parts + SUMS * (c->first[i] + at / CHUNK), c->marks + MARKS * (c->first[i] + at / CHUNK));
  }
}
static void shares(int64_t begin, int64_t end, void *p) { for (; begin < end; begin++) part_of(p, (int)begin, ((call_t *)p)->threads); }
static void region(void *p) { part_of(p, gomp_thread(), gomp_threads()); }

void momo_pass(call_t *c) {
  for (int i = 0; i < c->rows_count; i++) { /* the weights of the memories, as few as there are rows */
    row_t *row = c->rows + i; const kind_t *kind = c->kinds + row->kind;
    if (c->pass == 1) {
      row->root = 1;
      if (row->weight && kind->mode == TOUCHED) {
        row->next = kind->past_memory * *row->weight + kind->new_memory;
        if (kind->weighted) row->root = 1 / sqrt(row->next);
      }
    } else if (row->weight && kind->mode == TOUCHED) *row->weight = row->next;
  }
  int many = c->threads > 1 && c->element[c->rows_count] >= 2 * CHUNK;
  if (many && torch_for) { if (torch_for(0, c->threads, 1, shares, c)) part_of(c, 0, 1); }
  else if (many && gomp) gomp(region, c, 0, 0); /* 0: as many as its pool has */
  else part_of(c, 0, 1);
  for (int64_t k = 0; k < SUMS * (int64_t)c->slots; k++) c->sums[k] = 0;
  for (int i = 0; i < c->rows_count; i++)
    for (int64_t k = c->first[i]; k < c->first[i + 1]; k++)
      for (int j = 0; j < SUMS; j++) c->sums[SUMS * (int64_t)c->rows[i].slot + j] += c->parts[SUMS * k + j];
}

#elif !defined(REAL)
#define REAL float
#define SQRT sqrtf
#define FLOAT 1
#include "kernels.c"
#undef REAL
#undef SQRT
#undef FLOAT
#ifndef FLOAT_ALONE
#define REAL double
#define SQRT sqrt
#define FLOAT 0
#include "kernels.c"
#undef REAL
#undef SQRT
#undef FLOAT
#endif

#else
#define CAT3_(a, b, c) a##_##b##_##c
#define CAT3(a, b, c) CAT3_(a, b, c)
#define FN(name) CAT3(name, ISA, REAL)
#define R restrict
#define INLINE static inline __attribute__((always_inline)) TARGET

/* ---- 16 bits and 32 -------------------------------------------------------------------------- */
#if FLOAT
INLINE float FN(widened)(uint16_t h, int dt) {
  if (dt == BF16) return bits_f((uint32_t)h << 16);
  uint32_t a = h & 0x7fffu, s = (uint32_t)(h & 0x8000u) << 16;
  uint32_t f = f_bits(bits_f(a << 13) * 0x1p112f);
  return bits_f((a >= 0x7c00u ? (a << 13) | 0x7f800000u : f) | s);
}
INLINE uint16_t FN(narrowed)(float x, int dt) { /* to nearest, to even where two are */
  uint32_t u = f_bits(x);
  if (dt == BF16) {
    uint32_t r = (u + 0x7fffu + ((u >> 16) & 1)) >> 16;
    return (uint16_t)((u & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : r);
  }
  uint32_t s = (u >> 16) & 0x8000u, a = u & 0x7fffffffu;
  uint32_t normal = (a + 0xfffu + ((a >> 13) & 1) - (112u << 23)) >> 13;
  uint32_t small = f_bits(bits_f(a) + 0.5f) - f_bits(0.5f);
  uint32_t r = a < (113u << 23) ? small : normal;
  r = a >= 0x47800000u ? (a > 0x7f800000u ? 0x7e00u : 0x7c00u) : r;
  return (uint16_t)(r | s);
}
static TARGET void FN(load)(const uint16_t *R h, int dt, float *R o, int n) {
  int i = 0;
  if (dt == BF16) { for (; i < n; i++) o[i] = FN(widened)(h[i], BF16); return; }
#if HW16
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(o + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(h + i))));
#endif
  for (; i < n; i++) o[i] = FN(widened)(h[i], F16);
}
static TARGET void FN(save)(uint16_t *R h, int dt, const float *R o, int n) {
  int i = 0;
  if (dt == BF16) { for (; i < n; i++) h[i] = FN(narrowed)(o[i], BF16); return; }
#if HW16
  for (; i + 8 <= n; i += 8) _mm_storeu_si128((__m128i *)(h + i), _mm256_cvtps_ph(_mm256_loadu_ps(o + i), 0));
#endif
  for (; i < n; i++) h[i] = FN(narrowed)(o[i], F16);
}
/* x in 16 bits and what that leaves, c in 16 bits, so that x + c rounded is x. */
static TARGET void FN(split)(uint16_t *R xs, uint16_t *R cs, int dt, const float *R z, int n) {
  for (int i = 0; i < n; i++) {
    uint16_t x = FN(narrowed)(z[i], dt); float xf = FN(widened)(x, dt);
    uint16_t c = FN(narrowed)(z[i] - xf, dt);
    float over = FN(widened)(FN(narrowed)(xf + FN(widened)(c, dt), dt), dt) - xf;
    xs[i] = x; cs[i] = (uint16_t)(c - (over != 0)); }
}
#endif

/* ---- what is done to an element -------------------------------------------------------------- */
typedef struct { REAL share, past_model, new_model, past_kept, new_kept, past_memory, new_memory, eps, root, keep, size, follow, beta; } FN(rates);

/* beta d + (1-beta) g in the working precision: d where g is d, and g where beta is 0. */
#define AVERAGE(past, d, new, g) ((new) < (REAL)0.5 ? (d) + (new) * ((g) - (d)) : (g) - (past) * ((g) - (d)))

/* A preconditioner's memory takes in g; d as the model sees it. */
INLINE void FN(remember)(int metric, REAL g, REAL d, REAL *m0, REAL *m1, const FN(rates) *r) {
  if (metric == ROOT || metric == ROOT_MAX) *m0 = r->past_memory * *m0 + r->new_memory * (g * g);
  if (metric == ROOT_MAX) *m1 = *m1 > *m0 ? *m1 : *m0;
  if (metric == BELIEF) *m0 = r->past_memory * *m0 + r->new_memory * ((g - d) * (g - d)) + r->eps;
}
/* D^{-1} d, or u(d). */
INLINE REAL FN(direct)(int metric, REAL d, REAL m0, REAL m1, const FN(rates) *r) {
  if (metric == SIGN) return (REAL)((d > 0) - (d < 0));
  if (metric == ROOT || metric == BELIEF) return d / (SQRT(m0) * r->root + r->eps);
  if (metric == ROOT_MAX) return d / (SQRT(m1) * r->root + r->eps);
  return d;
}

/* ---- loops over a block: n <= BLOCK; pointers that the choice does not need may be anything ---- */
/* What d becomes: AVERAGED in the loop, GIVEN in `model` and `kept` where it has two rates or is
 * stored in fewer bits, or the gradient, where nothing is left of what was: then it is not read. */
INLINE void FN(sums)(int metric, int given, int z_is, const REAL *R x, const REAL *R g, const REAL *R d,
                     const REAL *R model, const REAL *R kept, const REAL *R m0, const REAL *R m1,
                     const REAL *R z, int n, const FN(rates) *r, double *s) {
  REAL before = 0, now = 0, dual = 0, shift = 0, whole = 0, slope = 0, norm = 0;
  const FN(rates) q = *r;
  #pragma omp simd reduction(+ : before, now, dual, shift, whole, slope, norm)
  for (int i = 0; i < n; i++) {
    REAL raw = g[i], gi = q.share * raw, zi = z_is == 2 ? z[i] : z_is == 1 ? x[i] : 0;
    REAL dm = given == GIVEN ? model[i] : given == FRESH ? gi : AVERAGE(q.past_model, d[i], q.new_model, gi);
    REAL a = metric >= ROOT ? m0[i] : 0, b = metric == ROOT_MAX ? m1[i] : 0;
    FN(remember)(metric, gi, dm, &a, &b, &q);
    REAL u = FN(direct)(metric, dm, a, b, &q);
    norm += raw * raw; dual += dm * u;
    if (given == GIVEN) slope += kept[i] * u;
    if (z_is && given != FRESH) before += d[i] * zi;
    if (z_is) now += dm * zi;
    if (z_is && given == GIVEN) whole += kept[i] * zi;
    if (z_is == 2) shift += gi * (zi - x[i]);
  }
  s[BEFORE] += before; s[NOW] += now; s[DUAL] += dual; s[SHIFT] += shift; s[NORM] += norm;
  s[KEPT] += given == GIVEN ? whole : now; s[SLOPE] += given == GIVEN ? slope : dual;
}
/* z <- keep z - size direction, with the memory; the new products are added up. */
INLINE void FN(moves)(int metric, int given, REAL *R z, const REAL *R g, REAL *R d,
                      const REAL *R model, const REAL *R kept, REAL *R m0, REAL *R m1, int n,
                      const FN(rates) *r, double *s) {
  REAL before = 0, now = 0, whole = 0;
  const FN(rates) q = *r;
  #pragma omp simd reduction(+ : before, now, whole)
  for (int i = 0; i < n; i++) {
    REAL gi = q.share * g[i], zi = z[i], di = given == FRESH ? 0 : d[i];
    REAL dm = given == GIVEN ? model[i] : given == FRESH ? gi : AVERAGE(q.past_model, di, q.new_model, gi);
    REAL dk = given == GIVEN ? kept[i] : dm;
    REAL a = metric >= ROOT ? m0[i] : 0, b = metric == ROOT_MAX ? m1[i] : 0;
    FN(remember)(metric, gi, dm, &a, &b, &q);
    if (metric >= ROOT) m0[i] = a;
    if (metric == ROOT_MAX) m1[i] = b;
    REAL next = q.keep * zi - q.size * FN(direct)(metric, dm, a, b, &q);
    before += di * zi; whole += dk * zi; now += dk * next;
    d[i] = dk; z[i] = next;
  }
  s[BEFORE] += before; s[NOW] += now; s[KEPT] += whole;
}
/* x follows z, which has moved. */
INLINE void FN(follow)(int iterates, REAL *R x, const REAL *R z, REAL *R mean, int n, const FN(rates) *r) {
  const FN(rates) q = *r;
  #pragma omp simd
  for (int i = 0; i < n; i++) {
    if (iterates == SCHEDULE_FREE) {
      REAL m = mean[i] + q.follow * (z[i] - mean[i]);
      mean[i] = m; x[i] = z[i] + q.beta * (m - z[i]);
    } else x[i] = x[i] + q.follow * (z[i] - x[i]);
  }
}
/* The averages where they are needed as such. */
INLINE void FN(average)(REAL *R out, const REAL *R d, const REAL *R g, int n, REAL past, REAL new, REAL share) {
  #pragma omp simd
  for (int i = 0; i < n; i++) out[i] = AVERAGE(past, d[i], new, share * g[i]);
}
INLINE void FN(still)(const REAL *R z, const REAL *R d, const REAL *R kept, int n, REAL past, double *s) {
  REAL before = 0, now = 0, whole = 0;
  #pragma omp simd reduction(+ : before, now, whole)
  for (int i = 0; i < n; i++) { before += d[i] * z[i]; now += (past * d[i]) * z[i]; whole += kept[i] * z[i]; }
  s[BEFORE] += before; s[NOW] += now; s[KEPT] += whole;
}

#define FIRST(m, given, z_is) FN(sums)(m, given, z_is, x, g, d, model, kept, m0, m1, z, n, &r, s)
#define FIRST_Z(m, given) (z_is == 2 ? FIRST(m, given, 2) : z_is ? FIRST(m, given, 1) : FIRST(m, given, 0))
#define SECOND(m, given) FN(moves)(m, given, z, g, d, model, kept, m0, m1, n, &r, s)
#define CASE(m) case m: if (second) { if (given == GIVEN) SECOND(m, GIVEN); else if (given) SECOND(m, FRESH); else SECOND(m, AVERAGED); } \
                        else { if (given == GIVEN) FIRST_Z(m, GIVEN); else if (given) FIRST_Z(m, FRESH); else FIRST_Z(m, AVERAGED); } break;

static TARGET void FN(chunk)(const call_t *c, const row_t *row, int64_t lo, int64_t hi, double *parts, uint64_t *marks) {
  REAL averages[3][BLOCK] __attribute__((aligned(64)));
#if FLOAT
  REAL wide[COLUMNS][BLOCK] __attribute__((aligned(64)));
#endif
  const kind_t *k = c->kinds + row->kind; const int32_t *dt = k->dtype;
  const FN(rates) r = {k->share, k->past_model, k->new_model, k->past_kept, k->new_kept, k->past_memory,
                       k->new_memory, k->eps, row->root, k->keep, k->size, k->follow, k->beta};
  const int narrow = dt[AVG] != (FLOAT ? F32 : F64), apart = k->two_rate || narrow || k->mode != TOUCHED;
  const int given = apart ? GIVEN : k->past_kept == 0 ? FRESH : AVERAGED;
  const int z_is = k->points ? 2 : k->read_x, second = c->pass == 2;
  const int measured = k->measured;
  double s[SUMS] = {0};
  if (k->mode == FROZEN && !second) { memcpy(parts, s, sizeof s); return; }
  for (int64_t o = lo; o < hi; o += BLOCK) {
    int n = (int)(hi - o < BLOCK ? hi - o : BLOCK);
    REAL *at[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
      char *p = row->column[j]; at[j] = 0;
      if (!p || (j == X && !second && !k->read_x && !k->points)) continue;
      p += o * WIDTH[dt[j]];
#if FLOAT
      if (dt[j] != F32) { at[j] = wide[j]; FN(load)((uint16_t *)p, dt[j], at[j], n); continue; }
#endif
      at[j] = (REAL *)p;
    }
    REAL *x = at[X], *g = at[GRAD], *d = at[AVG], *m0 = at[MEM0], *m1 = at[MEM1], *z = k->points ? at[BASE] : x;
    REAL *model = averages[0], *kept = averages[1];
    if (at[COMP] && x) for (int i = 0; i < n; i++) x[i] += at[COMP][i];
    if (k->mode != TOUCHED) for (int i = 0; i < n; i++) kept[i] = r.past_kept * d[i];
    else if (apart) {
      FN(average)(kept, d, g, n, r.past_kept, r.new_kept, r.share);
      if (k->two_rate) FN(average)(model, d, g, n, r.past_model, r.new_model, r.share);
    }
#if FLOAT
    if (narrow) { /* as it will be stored */
      uint16_t bits[BLOCK]; FN(save)(bits, dt[AVG], kept, n); FN(load)(bits, dt[AVG], kept, n);
    }
#endif
    if (apart && !k->two_rate) model = kept;
    if (k->mode != TOUCHED) {
      if (second) memcpy(d, kept, (size_t)n * sizeof(REAL));
      else FN(still)(z, d, kept, n, r.past_model, s);
    } else {
      if (second && k->iterates == SCALED) { z = averages[2]; memcpy(z, x, (size_t)n * sizeof(REAL)); }
      switch (k->metric) { CASE(IDENTITY) CASE(SIGN) CASE(ROOT) CASE(ROOT_MAX) CASE(BELIEF) }
      if (second && k->iterates == SCHEDULE_FREE) FN(follow)(SCHEDULE_FREE, x, z, at[MEAN], n, &r);
      else if (second && k->iterates != PLAIN) FN(follow)(AVERAGING, x, z, 0, n, &r);
    }
    if (measured && (o - lo) % STRIDE == 0) {
      uint64_t now = mark((REAL *)row->column[X] + o, n * (int64_t)sizeof(REAL)), *old = marks + (o - lo) / STRIDE;
      if (second) *old = now;
      else if (!k->read_x && now != *old) s[KEPT]++;
    }
#if FLOAT
    if (second) for (int j = 0; j < COLUMNS; j++) {
      uint16_t *p = row->column[j];
      if (!p || dt[j] == F32 || j == GRAD || j == COMP || (k->mode != TOUCHED && j != AVG)) continue;
      if (j == X && at[COMP]) FN(split)(p + o, (uint16_t *)row->column[COMP] + o, dt[X], x, n);
      else FN(save)(p + o, dt[j], at[j], n);
    }
#endif
  }
  memcpy(parts, s, sizeof s);
}
#undef FIRST
#undef FIRST_Z
#undef SECOND
#undef CASE
#undef AVERAGE
#undef INLINE
#undef R
#undef CAT3
#undef CAT3_
#undef FN
#endif
