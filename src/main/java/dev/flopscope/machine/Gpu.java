package dev.flopscope.machine;

/**
 * A graphics processor that computes.
 *
 * @param name as its driver gives it
 * @param architecture its compute capability, such as {@code sm_90}
 * @param multiprocessors its streaming multiprocessors
 * @param memoryBytes all of its memory
 * @param driver the newest version of CUDA that its driver knows
 * @param compiler the version of the compiler of kernels
 * @param devices how many GPUs the machine has; this is the first
 */
public record Gpu(
        String name,
        String architecture,
        int multiprocessors,
        long memoryBytes,
        String driver,
        String compiler,
        int devices) {}
