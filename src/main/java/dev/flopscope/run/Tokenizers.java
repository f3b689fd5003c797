package dev.flopscope.run;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.TextFile;
import dev.flopscope.text.CheckpointTokenizer;
import dev.flopscope.text.Gpt2Tokenizer;
import dev.flopscope.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the tokenizer of a run. */
final class Tokenizers {
    private static final int GPT2_VOCABULARY = 50_257;
    private static final String FILE = "tokenizer.json";

    private Tokenizers() {}

    /** The run with its tokenizer found, if it reads text, so that it is read once. */
    static RunSpec found(RunSpec spec) {
        return spec.prompt() instanceof Prompt.Text text && text.tokenizer().isEmpty()
                ? spec.reading(new Prompt.Text(text.text(), text.source(), of(spec)))
                : spec;
    }

    /**
     * The checkpoint's own, or GPT-2's where there is no checkpoint or it is a GPT-2.
     *
     * @throws BadDataException if the checkpoint's cannot be read
     * @throws LinkageError if the library that reads it is not there
     */
    static Optional<Tokenizer> of(RunSpec spec) {
        if (spec.prompt() instanceof Prompt.Text text && text.tokenizer().isPresent()) {
            return text.tokenizer();
        }
        Optional<Path> own =
                spec.checkpoint().map(folder -> folder.resolve(FILE)).filter(Files::exists);
        if (own.isPresent()) {
            return Optional.of(read(own.get()));
        }
        boolean gpt2 = spec.checkpoint().isEmpty()
                || spec.model().architecture().label().equals("gpt2");
        return gpt2 ? Optional.of(new Gpt2Tokenizer()) : Optional.empty();
    }

    /** The one that says what ids mean, if a text was given, or the vocabulary is GPT-2's. */
    static Optional<Tokenizer> ofIds(RunSpec spec, boolean text) {
        boolean own = spec.checkpoint()
                .map(folder -> Files.exists(folder.resolve(FILE)))
                .orElse(false);
        boolean known = own ? text : spec.model().vocabSize() == GPT2_VOCABULARY;
        return known ? of(spec) : Optional.empty();
    }

    private static Tokenizer read(Path file) {
        try {
            return CheckpointTokenizer.read(file);
        } catch (IOException e) {
            throw new BadDataException(file.toString(), TextFile.reason(e), e);
        } catch (NoClassDefFoundError e) {
            throw new LinkageError("the library ai.djl.huggingface:tokenizers, which reads " + file
                    + ", is not beside the jar; --tokens gives ids");
        }
    }
}
