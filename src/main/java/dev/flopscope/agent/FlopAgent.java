package dev.flopscope.agent;

import dev.flopscope.counter.FlopLedger;
import dev.flopscope.counter.RegionCount;
import dev.flopscope.document.Format;
import dev.flopscope.nd4j.HookProperties;
import dev.flopscope.nd4j.OperationListeners;
import dev.flopscope.report.counter.CounterReport;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The agent of {@code java -javaagent:flopscope.jar[=output=FILE] …}: counts every product that the program executes on ND4J,
 * and prints what it counted when the program ends.
 *
 * <p>It changes no class and starts nothing. It names, in system properties that ND4J reads when the program starts it, an
 * executioner that tells of operations.
 */
public final class FlopAgent {
    private static final String OUTPUT = "output=";

    private static final int USAGE = 2;

    private FlopAgent() {}

    /**
     * Called by Java before the program's {@code main}.
     *
     * @param options what follows the agent's name, or null
     * @param unused no class is changed
     */
    public static void premain(@Nullable String options, Instrumentation unused) {
        Path output = null;
        if (options != null && !options.isEmpty()) {
            if (!options.startsWith(OUTPUT) || Format.ofFile(options).isEmpty()) {
                System.err.println(
                        "flopscope: the agent has one option, output=FILE with an ending of .txt, .json, .csv,"
                                + " .md or .html, not \"" + options + "\"");
                System.exit(USAGE);
            }
            output = Path.of(options.substring(OUTPUT.length()));
        }
        HookProperties.ALL.forEach((property, value) -> {
            if (System.getProperty(property) != null) {
                System.err.println("flopscope: " + property + " is set to " + System.getProperty(property)
                        + " already, so that nothing is counted");
            } else {
                System.setProperty(property, value);
            }
        });
        FlopLedger ledger = new FlopLedger();
        Instant began = Instant.now();
        OperationListeners.add(ledger);
        Path file = output;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ledger, began, file, System.err), "flopscope"));
    }

    /** Tells what was counted: on standard error, which the program's own output is not mixed with, or in a file. */
    private static void end(FlopLedger ledger, Instant began, @Nullable Path file, PrintStream errors) {
        OperationListeners.remove(ledger);
        RegionCount counted = ledger.snapshot();
        CounterReport report = new CounterReport(counted, began);
        if (file == null) {
            print(report, errors);
            return;
        }
        try {
            Path whole = file.toAbsolutePath();
            Path part = Files.createTempFile(whole.getParent(), "flopscope", ".tmp");
            Files.writeString(part, Format.ofFile(file.toString()).orElseThrow().render(report, List.of()));
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            errors.println("flopscope: " + file + " cannot be written: " + e);
            print(report, errors);
        }
    }

    /** In UTF-8, whatever the locale's encoding is. */
    private static void print(CounterReport report, PrintStream errors) {
        byte[] table = Format.TABLE.render(report, List.of()).getBytes(StandardCharsets.UTF_8);
        errors.write(table, 0, table.length);
        errors.flush();
    }
}
