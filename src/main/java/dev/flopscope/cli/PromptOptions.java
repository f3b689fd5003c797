package dev.flopscope.cli;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.Prompt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --text} and {@code --tokens}: what a pass reads. */
final class PromptOptions {
    private static final String STANDARD_INPUT = "-";

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "Read this UTF-8 text through GPT-2's tokenizer; - is standard input.")
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
     */
    Prompt read() {
        if (text != null) {
            return new Prompt.Text(textOf(text), text.equals(STANDARD_INPUT) ? "standard input" : text);
        }
        if (tokens == null) {
            return new Prompt.Seeded();
        }
        if (tokens.startsWith("@")) {
            String file = tokens.substring(1);
            return new Prompt.Ids(ids(textOf(file), file), file);
        }
        return new Prompt.Ids(ids(tokens, "--tokens"), "--tokens");
    }

    private static List<Long> ids(String list, String source) {
        List<Long> ids = new ArrayList<>();
        for (String id : list.strip().split("[,\\s]+", -1)) {
            if (id.isEmpty() && list.isBlank()) {
                continue;
            }
            try {
                ids.add(Long.parseLong(id));
            } catch (NumberFormatException e) {
                throw new BadDataException(source, "'" + id + "' is not a token id", e);
            }
        }
        return ids;
    }

    private static String textOf(String file) {
        if (!file.equals(STANDARD_INPUT)) {
            return InputFile.text(file);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(System.in.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadDataException("standard input", "is not UTF-8 text", e);
        } catch (IOException e) {
            throw new BadDataException("standard input", "cannot be read", e);
        }
    }
}
