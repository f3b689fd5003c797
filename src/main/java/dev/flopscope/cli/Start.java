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
            endIfThreadsAreLacking(e);
            fail("out of memory: " + e.getMessage());
        } catch (LinkageError e) {
            endIfThreadsAreLacking(e);
            fail("a library beside the jar, in lib/, is missing or cannot be opened: " + e.getMessage());
        }
    }

    /**
     * Ends the program with one line if {@code problem} is that the system allows no further thread, for which Java throws the
     * same error as for memory. It ends at once: the usual end starts threads, and OpenBLAS waits there for threads of its own
     * that were never started.
     */
    static void endIfThreadsAreLacking(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError
                    && String.valueOf(cause.getMessage()).contains("native thread")) {
                say(
                        "no further thread can be started: raise the limit of processes (ulimit -u, or that of the container)");
                Runtime.getRuntime().halt(ExitCode.INTERNAL);
            }
        }
    }

    private static void fail(String message) {
        say(message);
        System.exit(ExitCode.INTERNAL);
    }

    private static void say(String message) {
        // Not System.err, which would write in the default charset.
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8)
                .println("flopscope: " + message);
    }
}
