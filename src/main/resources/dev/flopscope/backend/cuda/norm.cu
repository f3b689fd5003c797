// Norms of rows, a block of threads a row. A row may be normalised in place: it is read before it is written.

#include "common.cuh"

// RMSNorm (Zhang and Sennrich 2019): y = x / sqrt(mean(x^2) + epsilon) * g.
extern "C" __global__ void rms_norm(
        const float *input, const float *gain, double epsilon, float *output, extent rows, extent columns) {
    FOR_EACH_ROW(row, rows) {
        const float *x = input + row * columns;
        float *y = output + row * columns;
        float squares = 0.0f;
        for (extent i = threadIdx.x; i < columns; i += blockDim.x) {
            squares += x[i] * x[i];
        }
        float sum = over_block<Sum>(squares);
        float scale = (float)(1.0 / sqrt((double)sum / columns + epsilon));
        for (extent i = threadIdx.x; i < columns; i += blockDim.x) {
            y[i] = x[i] * scale * gain[i];
        }
    }
}

// LayerNorm (Ba et al. 2016): y = (x - mean(x)) / sqrt(variance(x) + epsilon) * g + b. The variance is of the differences from the
// mean, since that of squares loses digits where the mean is large.
extern "C" __global__ void layer_norm(
        const float *input,
        const float *gain,
        const float *bias,
        double epsilon,
        float *output,
        extent rows,
        extent columns) {
    FOR_EACH_ROW(row, rows) {
        const float *x = input + row * columns;
        float *y = output + row * columns;
        float values = 0.0f;
        for (extent i = threadIdx.x; i < columns; i += blockDim.x) {
            values += x[i];
        }
        float mean = over_block<Sum>(values) / columns;
        float squares = 0.0f;
        for (extent i = threadIdx.x; i < columns; i += blockDim.x) {
            squares += (x[i] - mean) * (x[i] - mean);
        }
        float sum = over_block<Sum>(squares);
        float scale = (float)(1.0 / sqrt((double)sum / columns + epsilon));
        for (extent i = threadIdx.x; i < columns; i += blockDim.x) {
            y[i] = (x[i] - mean) * scale * gain[i] + bias[i];
        }
    }
}
