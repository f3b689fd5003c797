package dev.flopscope.cli;

import dev.flopscope.BusyMachine;
import dev.flopscope.schema.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a command line in this process, as the program does for a user who is in a folder: without the half second that a
 * start of Java takes, and with whatever HotSpot has compiled already.
 *
 * <p>The program finds files from the folder that it was started in, which is not the user's here. So a word that begins
 * with {@code ./}, or {@code @./}, is made to name a file in the user's folder, and what is printed shows it as it was
 * given. What needs a process of its own is tested in {@code dev.flopscope.program}.
 */
final class InProcess {
    /** A pass takes a millisecond. */
    private static final String TINY =
            Path.of("src/test/resources/models/tiny.json").toAbsolutePath().toString();

    private static final Pattern HERE = Pattern.compile("^(@?)\\./");

    private final String folder;
    private byte[] input = {};

    private InProcess(Path folder) {
        this.folder = folder.toAbsolutePath() + "/";
    }

    /** What one command line gave; {@code err} is without progress, which is told only on a busy machine. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs for a user in {@code folder}. */
    static InProcess in(Path folder) {
        return new InProcess(folder);
    }

    /** With {@code text} on standard input, which is empty otherwise. */
    InProcess reading(String text) {
        return reading(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With these bytes on standard input. */
    InProcess reading(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    /** Runs a command line, of words between blanks, to its end; TINY stands for the smallest model. */
    Outcome run(String commandLine) {
        return run(Stream.of(commandLine.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList());
    }

    /** The same of a command line whose words may have blanks or be empty. */
    Outcome run(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        // Whoever started the tests may speak to this process on standard input, so that no command may read it.
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input));
        try {
            int exitCode = execute(words, new PrintWriter(out, true), new PrintWriter(err, true));
            return new Outcome(exitCode, shown(out), BusyMachine.withoutProgress(shown(err)));
        } finally {
            System.setIn(before);
        }
    }

    /** Errors, which picocli lets pass, end as they do in {@link Main}. */
    private int execute(List<String> line, PrintWriter out, PrintWriter err) {
        String[] words = line.stream().map(this::found).toArray(String[]::new);
        try {
            int exitCode = Main.commandLine(out, err).execute(words);
            if (exitCode <= ExitCode.CHECK_FAILED) {
                holdFiles(words);
            }
            return exitCode;
        } catch (OutOfMemoryError | LinkageError e) {
            err.println("flopscope: " + e);
            return ExitCode.INTERNAL;
        }
    }

    /** Every JSON file that a command writes is as its schema says; where help is asked for, nothing is written. */
    private static void holdFiles(String[] words) {
        if (List.of(words).contains("--help") || List.of(words).contains("-h")) {
            return;
        }
        for (int word = 1; word < words.length; word++) {
            if (words[word - 1].equals("--output")
                    && words[word].endsWith(".json")
                    && Files.exists(Path.of(words[word]))) {
                try {
                    Schemas.hold(JsonMask.read(Files.readString(Path.of(words[word]))));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private String found(String word) {
        return word.equals("TINY") ? TINY : HERE.matcher(word).replaceFirst("$1" + Matcher.quoteReplacement(folder));
    }

    private String shown(StringWriter text) {
        return text.toString().replace(folder, "./");
    }
}
