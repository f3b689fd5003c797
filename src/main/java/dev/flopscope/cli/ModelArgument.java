package dev.flopscope.cli;

/** What every command says of its MODEL. */
final class ModelArgument {
    static final String DESCRIPTION =
            "gpt2-small, gpt2-medium, gpt2-large, gpt2-xl, or the path of a model's JSON file.";

    private ModelArgument() {}
}
