package dev.flopscope.cli;

import dev.flopscope.machine.Build;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.run.Hardware;
import dev.flopscope.run.MatmulEngine;
import picocli.CommandLine.IVersionProvider;

/** {@code --version}: the program, and the BLAS it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Build build = Build.detect();
        MachineInfo machine =
                Hardware.inUse(MatmulEngine.best(), Runtime.getRuntime().availableProcessors());
        return new String[] {
            "flopscope " + build.version() + ", commit " + build.commit(),
            machine.blas().describe(),
            "Java " + machine.java() + ", " + machine.os()
        };
    }
}
