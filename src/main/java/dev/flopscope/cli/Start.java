package dev.flopscope.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the jar begins. It needs no library, so that it can say what is wrong where there are none: Java itself would print a
 * stack trace and exit with 1, which means that a check failed.
 */
public final class Start {
    private Start() {}

    /** Runs {@link Main}, and exits. */
    public static void main(String[] arguments) {
        Charset charset = Charset.defaultCharset();
        if (!Arrays.equals("flopscope".getBytes(charset), "flopscope".getBytes(StandardCharsets.US_ASCII))) {
            // The loader of native libraries reads lists of them in it.
            fail("native libraries cannot be found where text files are " + charset + "; leave out -Dfile.encoding="
                    + charset);
        }
        try {
            Main.main(arguments);
        } catch (OutOfMemoryError e) {
            fail("out of memory: " + e.getMessage());
        } catch (LinkageError e) {
            fail("a library beside the jar, in lib/, is missing or cannot be opened: " + e.getMessage());
        }
    }

    private static void fail(String message) {
        // Not System.err, which would write in the default charset.
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8)
                .println("flopscope: " + message);
        System.exit(ExitCode.INTERNAL);
    }
}
