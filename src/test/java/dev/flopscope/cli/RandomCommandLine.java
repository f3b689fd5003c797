package dev.flopscope.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command line at random from what picocli knows of the commands: some of a command's options, each with a value that it
 * may or may not take, and parameters. Options that are added later are drawn too. Models are tiny or none, so that whatever is
 * drawn takes milliseconds.
 */
final class RandomCommandLine {
    /** Values that most options of a kind take, and values that most do not. */
    private record Values(List<String> good, List<String> bad) {}

    private static final Values NUMBERS = new Values(
            List.of("1", "2", "3", "4", "8"), List.of("0", "-1", "x", "", "1.5", "99999999999", "4,8", "2-4", "1-8*2"));
    private static final Values FILES = new Values(
            List.of("./a.json", "./b.csv", "./c.md", "./d.html", "./e.txt"),
            List.of(
                    "./f.jsonl",
                    "./g.json.gz",
                    "./m.json",
                    "./r.json",
                    "./folder.json",
                    "./missing/a.json",
                    "./h",
                    ""));
    private static final Values MODELS =
            new Values(List.of("TINY"), List.of("./m.json", "./r.json", "./ids.txt", "./folder.json", "nothing", ""));
    private static final Map<String, Values> BY_NAME = Map.of(
            "--tokens", new Values(List.of("1,2,3"), List.of("50257", "a", "@./ids.txt", "@./missing", "")),
            "--text", new Values(List.of("-"), List.of("./ids.txt", "./missing", "")),
            "--claim", new Values(List.of("total=2*T*D*V", "lm_head=1e9"), List.of("total", "total=1/0", "x=1")),
            "--claims", new Values(List.of("./c.csv"), List.of("./ids.txt", "./missing")),
            "--trace", new Values(List.of("./t.json", "./t.json.gz"), FILES.bad()),
            "--jfr", new Values(List.of("./t.jfr"), FILES.bad()),
            "--tile", new Values(List.of("4x4", "256x256"), List.of("0x1", "4", "")),
            "--margin", new Values(List.of("5", "2.5%"), List.of("-1", "x")),
            "--fail-above", new Values(List.of("5%"), List.of("1e9", "")));
    /** What is drawn of each: a recording takes a second, a self-test excludes most else, and a stack trace has many lines. */
    private static final Map<String, Double> RARE =
            Map.of("--jfr", 0.02, "--help", 0.03, "--self-test", 0.03, "--stacktrace", 0.0);

    private static final double USUAL = 0.25;

    private final Random random;
    /** Whether all values are good, which one bad one would hide. */
    private final boolean careful;

    private final List<List<String>> groups = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final Set<Path> outputs = new HashSet<>();

    RandomCommandLine(long seed) {
        random = new Random(seed);
        careful = random.nextInt(3) > 0;
        CommandLine program =
                Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
        Map.Entry<String, CommandLine> command = oneOf(List.copyOf(new TreeMap<>(program.getSubcommands()).entrySet()));
        fill(command.getValue().getCommandSpec());
        Collections.shuffle(groups, random);
        groups.forEach(words::addAll);
        if (!careful) {
            spoil();
        }
        words.add(0, command.getKey());
        takeCare(command.getKey());
    }

    private void fill(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (random.nextDouble() < RARE.getOrDefault(option.longestName(), USUAL)) {
                groups.add(given(option));
            }
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            int most = Math.min(2, parameter.arity().max());
            for (int count = parameter.arity().min() + (most > 1 ? random.nextInt(2) : 0); count > 0; count--) {
                boolean file = parameter.type() == String.class || parameter.isMultiValue();
                groups.add(List.of(file ? oneOf(MODELS) : oneOf(words(parameter.completionCandidates()))));
            }
        }
    }

    private List<String> given(OptionSpec option) {
        if (option.arity().max() == 0) {
            return List.of(option.longestName());
        }
        String value = oneOf(values(option));
        if (Set.of("--output", "--trace", "--jfr").contains(option.longestName()) && !value.isEmpty()) {
            outputs.add(Path.of(value).normalize());
        }
        return value.startsWith("./") || value.startsWith("@") || random.nextBoolean()
                ? List.of(option.longestName(), value)
                : List.of(option.longestName() + "=" + value);
    }

    private static Values values(OptionSpec option) {
        if (BY_NAME.containsKey(option.longestName())) {
            return BY_NAME.get(option.longestName());
        }
        Class<?> type = option.isMultiValue() ? option.auxiliaryTypes()[0] : option.type();
        if (type.isEnum()) {
            return words(option.completionCandidates());
        }
        return type == Path.class || type == OutputOptions.Target.class || type == String.class ? FILES : NUMBERS;
    }

    private static Values words(@Nullable Iterable<String> candidates) {
        List<String> words = new ArrayList<>();
        if (candidates != null) {
            candidates.forEach(words::add);
        }
        return new Values(words.isEmpty() ? List.of("run") : words, List.of("other"));
    }

    /** Now and then leaves a word out, doubles one or puts in one that nobody knows. */
    private void spoil() {
        int place = words.isEmpty() ? 0 : random.nextInt(words.size());
        switch (random.nextInt(5)) {
            case 0 ->
                words.add(place, oneOf(List.of("--unknown", "-x", "word", "--", "@./ids.txt", "\u001b[31m", "--=")));
            case 1 -> words.addAll(words.isEmpty() ? List.of() : List.of(words.get(place)));
            case 2 -> words.subList(place, Math.min(place + 1, words.size())).clear();
            default -> {
                // As it was drawn.
            }
        }
    }

    /** Keeps from running what takes long: the shipped models, and ceilings. */
    private void takeCare(String command) {
        switch (command) {
            case "hardware" -> words.add(1, "--no-measure");
            case "profile" -> words.add(1, "--top=0");
            case "verify" -> words.addAll(1, List.of("--claims", "./c.csv"));
            default -> {
                // Takes milliseconds.
            }
        }
    }

    private String oneOf(Values values) {
        return oneOf(careful || random.nextBoolean() ? values.good() : values.bad());
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** The words. */
    List<String> words() {
        return List.copyOf(words);
    }

    /** The files that were asked for, from the folder that stands before them. */
    Set<Path> outputs() {
        return Set.copyOf(outputs);
    }
}
