package dev.flopscope.cli;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --text}, {@code --prompt} and {@code --tokens}: what a pass reads. */
final class PromptOptions {
    private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*|\\s+");

    @Option(names = "--prompt", paramLabel = "TEXT", description = "Read this text, as --text reads a file.")
    private @Nullable String words;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "Read this UTF-8 text through the checkpoint's tokenizer, else GPT-2's; - is standard input.")
    private @Nullable String text;

    @Option(
            names = "--tokens",
            paramLabel = "IDS",
            description = "Token ids, as 1,2,3, or @FILE with ids between commas or white space.")
    private @Nullable String tokens;

    /**
     * Reads what was asked for.
     *
     * @throws BadDataException if a file cannot be read or holds something other than ids
     * @throws TypeConversionException if the command line does
     */
    Prompt read() {
        if (words != null) {
            return new Prompt.Text(words, "--prompt");
        }
        if (text != null) {
            boolean input = text.equals(InputFile.STANDARD_INPUT);
            return new Prompt.Text(InputFile.textOrInput(text), input ? "standard input" : text);
        }
        if (tokens == null) {
            return new Prompt.Seeded();
        }
        @Nullable String file = tokensFile();
        if (file == null) {
            return new Prompt.Ids(ids(tokens, PromptOptions::wrongTokens), "--tokens");
        }
        return new Prompt.Ids(ids(InputFile.textOrInput(file), problem -> new BadDataException(file, problem)), file);
    }

    private static TypeConversionException wrongTokens(String problem) {
        return new TypeConversionException("--tokens: " + problem);
    }

    /** The files that are read. */
    List<String> inputs() {
        return Stream.of(text, tokensFile()).filter(Objects::nonNull).toList();
    }

    private @Nullable String tokensFile() {
        return tokens != null && tokens.startsWith("@") ? tokens.substring(1) : null;
    }

    private static List<Long> ids(String list, Function<String, RuntimeException> refusal) {
        if (list.isBlank()) {
            throw refusal.apply("has no tokens");
        }
        List<Long> ids = new ArrayList<>();
        for (String id : SEPARATOR.split(list.strip(), -1)) {
            try {
                ids.add(Long.parseLong(id));
            } catch (NumberFormatException e) {
                throw refusal.apply("'" + id + "' is not a token id");
            }
        }
        return ids;
    }
}
