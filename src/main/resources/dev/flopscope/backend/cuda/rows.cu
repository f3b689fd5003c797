// Rows of matrices that go from one place to another.

#include "common.cuh"

// result[r] = table[rows[r]].
extern "C" __global__ void gather(const float *table, const int *rows, float *result, extent count, extent columns) {
    FOR_EACH(i, count * columns) {
        extent row = i / columns;
        result[i] = table[rows[row] * columns + i % columns];
    }
}

// sums[rows[r]] += weights[r] * terms[r]. No row is there twice, so that no two threads add to the same element.
extern "C" __global__ void add_rows(
        const float *terms, const int *rows, const float *weights, float *sums, extent count, extent columns) {
    FOR_EACH(i, count * columns) {
        extent row = i / columns;
        sums[rows[row] * columns + i % columns] += weights[row] * terms[i];
    }
}

// Copies `width` columns of each head to other places of the same row.
extern "C" __global__ void copy_columns(
        const float *source,
        extent source_columns,
        int source_first,
        int source_step,
        float *destination,
        extent destination_columns,
        int destination_first,
        int destination_step,
        int width,
        int heads,
        extent rows) {
    FOR_EACH(i, rows * heads * width) {
        int column = (int)(i % width);
        int head = (int)(i / width % heads);
        extent row = i / width / heads;
        destination[row * destination_columns + destination_first + (extent)head * destination_step + column] =
                source[row * source_columns + source_first + (extent)head * source_step + column];
    }
}

// Puts the rows of a chunk behind those that a cache has: query q of sequence b becomes its token past + q.
extern "C" __global__ void append(
        const float *source, float *cache, extent rows, int queries, int past, int capacity, extent columns) {
    FOR_EACH(i, rows * columns) {
        extent row = i / columns;
        extent token = row / queries * capacity + past + row % queries;
        cache[token * columns + i % columns] = source[i];
    }
}
