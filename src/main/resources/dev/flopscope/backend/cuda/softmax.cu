// Softmax of scores under the causal mask, a block of threads a row.

#include "common.cuh"

// A score as it is, or softly capped: c * tanh(s / c).
static __device__ __forceinline__ float capped(float score, float cap) {
    return cap > 0.0f ? cap * tanhf(score / cap) : score;
}

// So many scores a thread can keep in registers.
#define HELD 16

// Turns the scores of keys first to end - 1 into weights that add up to 1 together with that of the sink, and others into 0. Only
// those are read, and each once, since memory is what this waits for.
static __device__ __forceinline__ void weigh_held(
        float *scores, extent positions, extent first, extent end, float cap, bool has_sink, float sink) {
    float held[HELD];
    float largest = has_sink ? sink : -INFINITY;
#pragma unroll
    for (int i = 0; i < HELD && i * blockDim.x < end; i++) {
        extent key = threadIdx.x + i * blockDim.x;
        held[i] = key >= first && key < end ? capped(scores[key], cap) : -INFINITY;
        largest = Maximum::of(largest, held[i]);
    }
    largest = over_block<Maximum>(largest);
    float sum = 0.0f;
#pragma unroll
    for (int i = 0; i < HELD && i * blockDim.x < end; i++) {
        held[i] = expf(held[i] - largest);
        sum += held[i];
    }
    sum = over_block<Sum>(sum);
    if (has_sink) {
        sum += expf(sink - largest);
    }
    float norm = 1.0f / sum;
#pragma unroll
    for (int i = 0; i < HELD && i * blockDim.x < positions; i++) {
        extent key = threadIdx.x + i * blockDim.x;
        if (key < positions) {
            scores[key] = i * blockDim.x < end ? held[i] * norm : 0.0f;
        }
    }
}

// The same of a row that is too long for that.
static __device__ __forceinline__ void weigh(
        float *scores, extent positions, extent first, extent end, float cap, bool has_sink, float sink) {
    float largest = has_sink ? sink : -INFINITY;
    for (extent key = first + threadIdx.x; key < end; key += blockDim.x) {
        largest = Maximum::of(largest, capped(scores[key], cap));
    }
    largest = over_block<Maximum>(largest);
    float sum = 0.0f;
    for (extent key = threadIdx.x; key < positions; key += blockDim.x) {
        float weight = key >= first && key < end ? expf(capped(scores[key], cap) - largest) : 0.0f;
        scores[key] = weight;
        sum += weight;
    }
    sum = over_block<Sum>(sum);
    if (has_sink) {
        sum += expf(sink - largest);
    }
    float norm = 1.0f / sum;
    for (extent key = first + threadIdx.x; key < end; key += blockDim.x) {
        scores[key] *= norm;
    }
}

// Whole rows: row r is query r % queries of head first_head + r / queries. A query sees the last `window` positions up to its own.
extern "C" __global__ void __launch_bounds__(MOST_THREADS) softmax(
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
    FOR_EACH_ROW(row, rows) {
        extent end = past + row % queries + 1;
        extent first = end > window ? end - window : 0;
        float sink = sinks ? sinks[(first_head + row / queries) % heads] : 0.0f;
        if (positions <= (extent)HELD * blockDim.x) {
            weigh_held(scores + row * positions, positions, first, end, cap, sinks != 0, sink);
        } else {
            weigh(scores + row * positions, positions, first, end, cap, sinks != 0, sink);
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
