package dev.flopscope.machine;

import java.util.Optional;

/**
 * What a result was obtained on.
 *
 * @param cpu the processor
 * @param blas the library that multiplies
 * @param memory physical memory
 * @param threads threads of BLAS and of the kernels between products
 * @param java the Java runtime's version
 * @param gpu the graphics processor that computed, where one did
 * @param os the operating system, its version (on Linux, the kernel's) and the architecture
 */
public record MachineInfo(
        Cpu cpu, Blas blas, MemoryStatus memory, int threads, String java, Optional<Gpu> gpu, String os) {
    /**
     * Reads the rest.
     *
     * @param blas the library that multiplies
     * @param gpu the graphics processor that computes, where one does
     */
    public static MachineInfo detect(Blas blas, int threads, Optional<Gpu> gpu) {
        return new MachineInfo(
                Cpu.detect(),
                blas,
                MemoryStatus.detect(),
                threads,
                System.getProperty("java.runtime.version", "unknown"),
                gpu,
                String.join(
                        " ",
                        System.getProperty("os.name", "unknown"),
                        System.getProperty("os.version", ""),
                        System.getProperty("os.arch", "")));
    }
}
