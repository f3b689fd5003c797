package dev.flopscope.cli;

import dev.flopscope.machine.MachineInfo;
import dev.flopscope.run.Hardware;
import dev.flopscope.run.MatmulEngine;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** {@code --version}: the program, and the BLAS it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        MachineInfo machine =
                Hardware.inUse(MatmulEngine.best(), Runtime.getRuntime().availableProcessors());
        return new String[] {
            "flopscope " + number(), machine.blas().describe(), "Java " + machine.java() + ", " + machine.os()
        };
    }

    private static String number() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("/flopscope.properties")) {
            if (file != null) {
                properties.load(file);
            }
        }
        return properties.getProperty("version", "unknown");
    }
}
