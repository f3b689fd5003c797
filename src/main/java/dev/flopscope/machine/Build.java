package dev.flopscope.machine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * Which Flopscope this is.
 *
 * @param version its version
 * @param commit the commit it was built from, with {@code -changed} after it if files differed; {@code unknown} if it was
 *     built outside a Git checkout
 */
public record Build(String version, String commit) {
    private static final String UNKNOWN = "unknown";

    /** Reads what the build left in the jar. */
    public static Build detect() {
        Properties properties = new Properties();
        try (InputStream file = Build.class.getResourceAsStream("/flopscope.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            return new Build(UNKNOWN, UNKNOWN);
        }
        return new Build(properties.getProperty("version", UNKNOWN), properties.getProperty("commit", UNKNOWN));
    }
}
