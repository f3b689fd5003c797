package dev.flopscope.sweep;

import dev.flopscope.config.RunSpec;
import dev.flopscope.machine.Blas;
import dev.flopscope.machine.Build;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.schema.Envelope;
import dev.flopscope.schema.SweepFile;
import java.util.List;

/**
 * Where a row was measured, and by which programs.
 *
 * @param cpu the processor's name
 * @param cores processors of the process
 * @param vectorInstructions the widest that matter to BLAS
 * @param blasVendor the library that multiplies
 * @param blasVersion its version
 * @param blasKernel the kernel that ran
 * @param java the Java runtime's version
 * @param os the operating system
 * @param flopscope which Flopscope
 */
public record Environment(
        String cpu,
        int cores,
        String vectorInstructions,
        String blasVendor,
        String blasVersion,
        String blasKernel,
        String java,
        String os,
        Build flopscope) {
    /** The environment of {@code flopscope} on {@code machine}. */
    public static Environment of(MachineInfo machine, Build flopscope) {
        return new Environment(
                machine.cpu().model(),
                machine.cpu().cores(),
                machine.cpu().vectorInstructions(),
                machine.blas().vendor(),
                machine.blas().version(),
                machine.blas().kernel(),
                machine.java(),
                machine.os(),
                flopscope);
    }

    /** The environment that a row of a file tells. */
    static Environment of(SweepFile.Row row) {
        return new Environment(
                row.machine().cpu(),
                row.machine().cores(),
                row.machine().vectorInstructions(),
                row.engine().library(),
                row.engine().version(),
                row.engine().kernel(),
                row.machine().java(),
                row.machine().os(),
                new Build(row.flopscope().version(), row.flopscope().commit()));
    }

    /** The machine as files have it. */
    Envelope.Machine machine() {
        return new Envelope.Machine(cpu, cores, vectorInstructions, null, null, java, os);
    }

    /** What multiplied in a run of {@code spec}, as files have it. */
    Envelope.Engine engine(RunSpec spec) {
        return new Envelope.Engine(
                spec.engine().label(),
                blasVendor,
                blasVersion,
                blasKernel,
                spec.threads(),
                spec.engine().dtype());
    }

    /** Whether times of both may stand in one table. The CPU, the library and the kernel are the same; the rest may differ. */
    public boolean sameHardware(Environment other) {
        return hardware().equals(other.hardware());
    }

    /** What is the same wherever {@link #sameHardware} holds. */
    List<Object> hardware() {
        return List.of(cpu, cores, blasVendor, blasVersion, blasKernel);
    }

    /** {@code AMD EPYC, 2 cores, OpenBLAS 0.3.19, kernel SkylakeX}. */
    public String describe() {
        return cpu + ", " + cores + (cores == 1 ? " core, " : " cores, ")
                + Blas.describe(blasVendor, blasVersion, blasKernel);
    }
}
