package dev.flopscope.sweep;

import dev.flopscope.machine.MachineInfo;

/**
 * Where a row was measured.
 *
 * @param cpu the processor's name
 * @param cores processors of the process
 * @param vectorInstructions the widest that matter to BLAS
 * @param blasVendor the library that multiplies
 * @param blasVersion its version
 * @param blasKernel the kernel that ran
 * @param java the Java runtime's version
 * @param os the operating system
 */
public record Place(
        String cpu,
        int cores,
        String vectorInstructions,
        String blasVendor,
        String blasVersion,
        String blasKernel,
        String java,
        String os) {
    /** The place that {@code machine} is. */
    public static Place of(MachineInfo machine) {
        return new Place(
                machine.cpu().model(),
                machine.cpu().cores(),
                machine.cpu().vectorInstructions(),
                machine.blas().vendor(),
                machine.blas().version(),
                machine.blas().kernel(),
                machine.java(),
                machine.os());
    }

    /** Whether times of the two may stand in one table: the same CPU, library and kernel. Java and the system may differ. */
    public boolean sameHardware(Place other) {
        return cpu.equals(other.cpu)
                && cores == other.cores
                && blasVendor.equals(other.blasVendor)
                && blasVersion.equals(other.blasVersion)
                && blasKernel.equals(other.blasKernel);
    }

    /** {@code AMD EPYC, 2 cores, OpenBLAS 0.3.19, kernel SkylakeX}. */
    public String describe() {
        return cpu + ", " + cores + (cores == 1 ? " core, " : " cores, ") + blasVendor + " " + blasVersion + ", kernel "
                + blasKernel;
    }
}
