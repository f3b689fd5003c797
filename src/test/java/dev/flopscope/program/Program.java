package dev.flopscope.program;

import dev.flopscope.BusyMachine;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts {@code java -jar target/flopscope.jar} as a user's shell does, and waits for it: half a second at least. */
final class Program {
    private static final long LONGEST_MINUTES = 4;
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    /** The smallest model: a pass takes a millisecond. */
    static final String TINY =
            Path.of("src/test/resources/models/tiny.json").toAbsolutePath().toString();

    private static final String JAR =
            Path.of("target", "flopscope.jar").toAbsolutePath().toString();

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private String input = "";
    private List<String> started = List.of(JAVA, "-jar", JAR);

    private Program(Path folder) {
        this.folder = folder;
    }

    /** What one start gave; {@code err} is without progress, which is told only on a busy machine. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs in {@code folder}. */
    static Program in(Path folder) {
        return new Program(folder);
    }

    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Program reading(String text) {
        input = text;
        return this;
    }

    /** With the classes in {@code folder} in the place of the program's own. */
    Program patched(Path folder) {
        started = List.of(JAVA, "-cp", folder.toAbsolutePath() + File.pathSeparator + JAR, "dev.flopscope.cli.Main");
        return this;
    }

    /** With options of Java's own; unlike JAVA_TOOL_OPTIONS, they add no line to standard error. */
    Program withJava(String... options) {
        started = Stream.of(Stream.of(JAVA), Stream.of(options), Stream.of("-jar", JAR))
                .flatMap(words -> words)
                .toList();
        return this;
    }

    /** Another program: a class with a {@code main}, on a class path of its own, with options of Java's. */
    Program main(String classPath, String name, String... options) {
        started = Stream.of(Stream.of(JAVA), Stream.of(options), Stream.of("-cp", classPath, name))
                .flatMap(words -> words)
                .toList();
        return this;
    }

    /** Any command. */
    Program command(String... words) {
        started = List.of(words);
        return this;
    }

    /** From another jar. */
    Program jar(Path jar) {
        started = List.of(JAVA, "-jar", jar.toString());
        return this;
    }

    /** After a shell has run {@code command}, which may set limits. */
    Program after(String command) {
        started = Stream.concat(Stream.of("sh", "-c", command + "; exec \"$@\"", "sh"), started.stream())
                .toList();
        return this;
    }

    /** Started by another program, which is given the command line after its own. */
    Program through(String... command) {
        started = Stream.concat(Stream.of(command), started.stream()).toList();
        return this;
    }

    /** By a script that starts it, with the Java of this process. */
    Program by(Path script) {
        started = List.of(script.toAbsolutePath().toString());
        return with("JAVA_HOME", System.getProperty("java.home"));
    }

    /** With what a shell understands after a command: {@code >FILE}, {@code >&-}. */
    Program redirected(String redirection) {
        started = Stream.concat(Stream.of("sh", "-c", "exec \"$@\" " + redirection, "sh"), started.stream())
                .toList();
        return this;
    }

    /** Sends it a signal, as {@code kill} does. */
    static void send(String signal, Process process) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-s", signal, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("kill -s " + signal + " gave " + exitCode);
        }
    }

    /** Starts it and leaves it running; its standard error goes nowhere. */
    Process start(String... arguments) throws IOException {
        return builder(arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private ProcessBuilder builder(String... arguments) {
        // A build in the background ignores SIGINT, and one under nohup SIGHUP; what it starts would too.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
        command.addAll(started);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA") || name.startsWith("OPENBLAS"));
        builder.environment().putAll(environment);
        return builder;
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("flopscope", ".out");
        Path err = Files.createTempFile("flopscope", ".err");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream standardInput = process.getOutputStream()) {
            standardInput.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The program ended without reading its input, which is its right.
        }
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "still running after " + LONGEST_MINUTES + " minutes: " + List.of(arguments));
        }
        Outcome outcome = new Outcome(
                process.exitValue(), Files.readString(out), BusyMachine.withoutProgress(Files.readString(err)));
        Files.delete(out);
        Files.delete(err);
        return outcome;
    }
}
