package dev.flopscope.cli;

import dev.flopscope.compare.ResultComparison.By;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.document.Format;
import dev.flopscope.machine.Build;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.profile.Grouping;
import dev.flopscope.run.Hardware;
import dev.flopscope.text.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The program. */
@Command(
        name = "flopscope",
        description = "Counts and times every matrix product of a real transformer pass, and holds the counts"
                + " against closed forms, as integers, at every site.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            ProfileCommand.class,
            AccountCommand.class,
            LogitsCommand.class,
            GenerateCommand.class,
            FitCommand.class,
            VerifyCommand.class,
            SweepCommand.class,
            CompareCommand.class,
            HardwareCommand.class,
            SchemaCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 all agrees; 1 a check failed; 2 usage; 65 bad data; 70 out of memory or internal;"
                    + " 73, 74 an output cannot be created, written; 130, 143 interrupted."
        },
        versionProvider = Main.Version.class)
public final class Main extends WithHelp implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(
            names = "--version",
            versionHelp = true,
            description = "Show the version, and the BLAS and kernel in use, and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads what the annotation says
    private boolean version;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "On an error, show where in the program it arose.")
    private boolean stackTrace;

    /** The launcher, which sees the locale and the terminal, says by this property that the terminal shows no UTF-8. */
    private static final String ASCII = "flopscope.ascii";

    /** What the system's loader and its files say where libraries cannot be unpacked, or what was unpacked cannot be used. */
    private static final List<String> OF_THE_CACHE =
            List.of("failed to map segment", "cannot open shared object", "No space left");

    private static final String CACHE =
            "; libraries are unpacked in the home folder, under .javacpp/cache and .cache/JNA:"
                    + " 200 MB must be free there, and it must not be mounted noexec (java -Duser.home=FOLDER names another)";

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        // Not System.out and System.err: their encoding is the locale's, and reports hold × and ═.
        PrintWriter out = writer(FileDescriptor.out);
        PrintWriter err = writer(FileDescriptor.err);
        System.exit(run(arguments, out, err));
    }

    /** Errors are no exceptions to picocli; a native library that is missing or memory that ran out ends here. */
    private static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        try {
            return commandLine(out, err).execute(arguments);
        } catch (OutOfMemoryError e) {
            Start.endIfThreadsAreLacking(e);
            err.println("flopscope: out of memory: " + e.getMessage());
        } catch (LinkageError e) {
            Start.endIfThreadsAreLacking(e);
            err.println("flopscope: a native library cannot be used: " + cause(e));
        }
        return ExitCode.INTERNAL;
    }

    /** The innermost cause that says anything: what is around it says of which class the initialiser failed. */
    private static String cause(Throwable problem) {
        String words = "no message";
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                words = cause instanceof LinkageError || cause instanceof IOException
                        ? cause.getMessage()
                        : cause.getClass().getSimpleName() + ": " + cause.getMessage();
            }
        }
        return Printable.message(words) + (OF_THE_CACHE.stream().anyMatch(words::contains) ? CACHE : "");
    }

    /** UTF-8, into files and pipes in any locale; a terminal of another encoding gets plain ASCII. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        Writer utf8 = new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8);
        return new PrintWriter(Boolean.getBoolean(ASCII) ? new AsciiWriter(utf8) : utf8, true);
    }

    /** The command line, writing to {@code out} and {@code err}. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        Main main = new Main();
        Errors errors = new Errors(() -> main.stackTrace);
        return new CommandLine(main)
                .registerConverter(Algorithm.class, oneOf(Algorithm.values()))
                .registerConverter(By.class, oneOf(By.values()))
                .registerConverter(Engine.class, oneOf(Engine.values()))
                .registerConverter(Format.class, oneOf(Format.values()))
                .registerConverter(Grouping.class, oneOf(Grouping.values()))
                .registerConverter(LogitsRows.class, oneOf(LogitsRows.values()))
                .registerConverter(WeightsMode.class, oneOf(WeightsMode.values()))
                .registerConverter(int.class, IntegerList::number)
                .registerConverter(Integer.class, IntegerList::number)
                .registerConverter(IntegerList.class, IntegerList::parse)
                .registerConverter(long.class, Main::seed)
                .registerConverter(boolean.class, oneOf(new Boolean[] {true, false}))
                .registerConverter(Path.class, AtomicFile::named)
                .registerConverter(SchemaCommand.Subject.class, oneOf(SchemaCommand.Subject.values()))
                .registerConverter(OutputOptions.Target.class, OutputOptions.Target::of)
                .setOut(out)
                .setErr(err)
                // Only the documented @FILE of --tokens is a file, of ids; picocli would read any @FILE as arguments.
                .setExpandAtFiles(false)
                .setHelpFactory(Terminal::help)
                .setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }

    /** Whatever was printed, a help text too, it is an error if it did not get where it should. */
    private static int execute(ParseResult parsed) {
        int exitCode = new RunLast().execute(parsed);
        CommandLine command = parsed.commandSpec().commandLine();
        try {
            OutputOptions.requireWritten(command.getOut());
        } catch (OutputException e) {
            throw new ExecutionException(command, "not printed", e);
        }
        return exitCode;
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number from -2^63 to 2^63-1");
        }
    }

    /** Reads one of {@code values} by the word that it is shown as. */
    private static <T> ITypeConverter<T> oneOf(T[] values) {
        return word -> Arrays.stream(values)
                .filter(value -> value.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + word + "' is not one of "
                        + Arrays.stream(values).map(String::valueOf).distinct().collect(Collectors.joining(", "))));
    }

    /** No command was given. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** {@code --version}: the program, and the BLAS it runs on. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Build build = Build.detect();
            MachineInfo machine =
                    Hardware.inUse(Hardware.bestEngine(), Runtime.getRuntime().availableProcessors());
            return new String[] {
                "flopscope " + build.version() + ", commit " + build.commit(),
                machine.blas().describe(),
                "Java " + machine.java() + ", " + machine.os()
            };
        }
    }
}
