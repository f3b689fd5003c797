// Softmax of scores under the causal mask, a block of threads a row.

#include "common.cuh"

// A score as it is, or softly capped: c * tanh(s / c).
static __device__ __forceinline__ float capped(float score, float cap) {
    return cap > 0.0f ? cap * tanhf(score / cap) : score;
}

// A thread keeps so many scores in registers, and asks for so many at a time before it waits for the first.
#define HELD 32
#define AT_A_TIME 8

// The threads that share a row: those of a warp, which need no barrier, or all of a block.
struct Warp {
    static __device__ __forceinline__ int size() { return WARP; }
    static __device__ __forceinline__ int rank() { return threadIdx.x % WARP; }
    template <typename Operation>
    static __device__ __forceinline__ float over(float value) {
        return over_warp<Operation>(value);
    }
};

struct Block {
    static __device__ __forceinline__ int size() { return blockDim.x; }
    static __device__ __forceinline__ int rank() { return threadIdx.x; }
    template <typename Operation>
    static __device__ __forceinline__ float over(float value) {
        return over_block<Operation>(value);
    }
};

// Turns the scores of keys first to end - 1 into weights that add up to 1 together with that of the sink, and others into 0. Memory
// is what this waits for: only those scores are read, each once, and many before anything is done with the first.
template <typename Team>
static __device__ __forceinline__ void weigh_held(
        float *scores, int positions, int first, int end, bool has_sink, float sink) {
    int size = Team::size();
    float held[HELD];
    float largest = has_sink ? sink : -INFINITY;
#pragma unroll
    for (int some = 0; some < HELD; some += AT_A_TIME) {
        if (some * size < end) {
#pragma unroll
            for (int i = some; i < some + AT_A_TIME; i++) {
                int key = Team::rank() + i * size;
                held[i] = key >= first && key < end ? scores[key] : -INFINITY;
            }
#pragma unroll
            for (int i = some; i < some + AT_A_TIME; i++) {
                largest = Maximum::of(largest, held[i]);
            }
        }
    }
    largest = Team::template over<Maximum>(largest);
    float sum = 0.0f;
#pragma unroll
    for (int some = 0; some < HELD; some += AT_A_TIME) {
        if (some * size < end) {
#pragma unroll
            for (int i = some; i < some + AT_A_TIME; i++) {
                held[i] = expf(held[i] - largest);
                sum += held[i];
            }
        }
    }
    sum = Team::template over<Sum>(sum);
    if (has_sink) {
        sum += expf(sink - largest);
    }
    float norm = 1.0f / sum;
#pragma unroll
    for (int some = 0; some < HELD; some += AT_A_TIME) {
        if (some * size < positions) {
#pragma unroll
            for (int i = some; i < some + AT_A_TIME; i++) {
                int key = Team::rank() + i * size;
                if (key < positions) {
                    scores[key] = some * size < end ? held[i] * norm : 0.0f;
                }
            }
        }
    }
}

// The same of a row that is too long for that, or whose scores are capped.
template <typename Team>
static __device__ __forceinline__ void weigh(
        float *scores, int positions, int first, int end, float cap, bool has_sink, float sink) {
    float largest = has_sink ? sink : -INFINITY;
#pragma unroll 1
    for (int key = first + Team::rank(); key < end; key += Team::size()) {
        largest = Maximum::of(largest, capped(scores[key], cap));
    }
    largest = Team::template over<Maximum>(largest);
    float sum = 0.0f;
#pragma unroll 1
    for (int key = Team::rank(); key < positions; key += Team::size()) {
        float weight = key >= first && key < end ? expf(capped(scores[key], cap) - largest) : 0.0f;
        scores[key] = weight;
        sum += weight;
    }
    sum = Team::template over<Sum>(sum);
    if (has_sink) {
        sum += expf(sink - largest);
    }
    float norm = 1.0f / sum;
    // Each thread scales what it wrote itself.
#pragma unroll 1
    for (int key = Team::rank(); key < positions; key += Team::size()) {
        scores[key] *= norm;
    }
}

template <typename Team>
static __device__ __forceinline__ void weigh_row(
        float *scores, int positions, int first, int end, float cap, bool has_sink, float sink) {
    if (positions <= HELD * Team::size() && !(cap > 0.0f)) {
        weigh_held<Team>(scores, positions, first, end, has_sink, sink);
    } else {
        weigh<Team>(scores, positions, first, end, cap, has_sink, sink);
    }
}

// Whole rows: row r is query r % queries of head first_head + r / queries. A query sees the last `window` positions up to its own.
// A warp takes a row if it can hold it, and otherwise a block.
extern "C" __global__ void __launch_bounds__(MOST_THREADS, 2) softmax(
        float *scores,
        extent rows,
        int queries,
        int positions,
        int past,
        int window,
        float cap,
        const float *sinks,
        int heads,
        int first_head) {
    bool by_warp = positions <= HELD * WARP;
    extent step = by_warp ? blockDim.x / WARP : 1;
    for (extent row = blockIdx.x * step + (by_warp ? threadIdx.x / WARP : 0); row < rows; row += gridDim.x * step) {
        int end = past + (int)(row % queries) + 1;
        int first = end > window ? end - window : 0;
        float sink = sinks ? sinks[(first_head + row / queries) % heads] : 0.0f;
        if (by_warp) {
            weigh_row<Warp>(scores + row * positions, positions, first, end, cap, sinks != 0, sink);
        } else {
            weigh_row<Block>(scores + row * positions, positions, first, end, cap, sinks != 0, sink);
        }
    }
}

// Online softmax (Milakov and Gimelshein 2018; Dao et al. 2022), of which the next four kernels are one tile: for every row there
// is the largest score so far, the sum of exponentials measured from it, and the sum of weighted values. A sink is a key that was
// seen before all others and whose value is 0.

extern "C" __global__ void online_begin(
        float *maxima,
        float *sums,
        float *outputs,
        extent rows,
        extent width,
        int queries,
        const float *sinks,
        int heads,
        int first_head) {
    FOR_EACH(i, rows * width) {
        outputs[i] = 0.0f;
        if (i % width == 0) {
            extent row = i / width;
            maxima[row] = sinks ? sinks[(first_head + row / queries) % heads] : -INFINITY;
            sums[row] = sinks ? 1.0f : 0.0f;
        }
    }
}

// Turns a tile of scores into exponentials measured from the largest score so far, and says by what a row's output and sum must
// be multiplied. A row that sees no key of the tile stays as it is.
extern "C" __global__ void online_weigh(
        float *scores,
        float *maxima,
        float *sums,
        float *decays,
        extent rows,
        int queries,
        int keys,
        int first_query,
        int first_key,
        int window,
        float cap) {
    FOR_EACH_ROW(row, rows) {
        float *tile = scores + row * keys;
        extent seen = first_query + row % queries + 1 - first_key;
        extent end = seen < 0 ? 0 : seen < keys ? seen : keys;
        extent first = seen > window ? seen - window : 0;
        float before = maxima[row];
        float largest = -INFINITY;
        for (extent key = first + threadIdx.x; key < end; key += blockDim.x) {
            largest = Maximum::of(largest, capped(tile[key], cap));
        }
        largest = Maximum::of(over_block<Maximum>(largest), before);
        float sum = 0.0f;
        for (extent key = threadIdx.x; key < keys; key += blockDim.x) {
            float weight = key >= first && key < end ? expf(capped(tile[key], cap) - largest) : 0.0f;
            tile[key] = weight;
            sum += weight;
        }
        sum = over_block<Sum>(sum);
        // Nothing was seen before: there is nothing to scale, and infinity minus infinity is no number.
        float decay = first >= end ? 1.0f : before == -INFINITY ? 0.0f : expf(before - largest);
        if (threadIdx.x == 0) {
            maxima[row] = largest;
            sums[row] = sums[row] * decay + sum;
            decays[row] = decay;
        }
    }
}

extern "C" __global__ void online_accumulate(
        float *outputs, const float *weighted, const float *decays, extent rows, extent width) {
    FOR_EACH(i, rows * width) {
        outputs[i] = outputs[i] * decays[i / width] + weighted[i];
    }
}

// Divides by the sums and puts heads side by side: row r is query r % queries of head first_head + r / queries.
extern "C" __global__ void online_finish(
        const float *outputs,
        const float *sums,
        float *attention,
        extent rows,
        int queries,
        int width,
        extent first_row,
        extent columns,
        int first_head) {
    FOR_EACH(i, rows * width) {
        extent row = i / width;
        extent head = first_head + row / queries;
        attention[(first_row + row % queries) * columns + head * width + i % width] = outputs[i] / sums[row];
    }
}
