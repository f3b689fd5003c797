package dev.flopscope.cli;

import dev.flopscope.flops.DecodeAccount;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --decode}: tokens that follow the pass. */
final class DecodeOption {
    @Option(
            names = "--decode",
            paramLabel = "N",
            converter = TokensConverter.class,
            description = "Tokens to decode after the pass, one by one, with a cache of keys and values"
                    + " (default: none).")
    private @Nullable Integer tokens;

    /** How many; empty if none were asked for. */
    OptionalInt tokens() {
        return tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens);
    }

    /** Reads a number of tokens that there are closed forms for. */
    static final class TokensConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            int tokens = Numbers.number(value);
            if (tokens > DecodeAccount.MOST_TOKENS) {
                throw new TypeConversionException("'" + value + "' is more than the " + DecodeAccount.MOST_TOKENS
                        + " tokens that can be decoded");
            }
            return tokens;
        }
    }
}
