package dev.flopscope.forward;

import dev.flopscope.kernel.Elementwise;
import dev.flopscope.kernel.Kernels;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.time.Timeline;

/**
 * What a pass works with, whatever the model.
 *
 * @param matmul where products go
 * @param elementwise where exponentials go
 * @param timeline told of what happens between products
 * @param activations where buffers come from
 * @param scratch where tiles of scores come from, a few MiB a thread
 */
public record Machinery(
        Matmul matmul,
        Elementwise elementwise,
        Timeline timeline,
        MatrixAllocator activations,
        MatrixAllocator scratch) {
    TimedKernels kernels() {
        return new TimedKernels(new Kernels(activations.workers(), elementwise), timeline);
    }
}
