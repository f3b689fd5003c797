// What is done to every element of a matrix alone.

#include "common.cuh"

extern "C" __global__ void add(float *stream, const float *update, extent n) {
    FOR_EACH(i, n) {
        stream[i] += update[i];
    }
}

extern "C" __global__ void add_bias(float *matrix, const float *bias, extent rows, extent columns) {
    FOR_EACH(i, rows * columns) {
        matrix[i] += bias[i % columns];
    }
}

extern "C" __global__ void scale(float *matrix, float factor, extent n) {
    FOR_EACH(i, n) {
        matrix[i] *= factor;
    }
}

// c * tanh(x / c), as in Gemma 2 (Gemma Team 2024).
extern "C" __global__ void soft_cap(float *matrix, float cap, extent n) {
    FOR_EACH(i, n) {
        matrix[i] = cap * tanhf(matrix[i] / cap);
    }
}
