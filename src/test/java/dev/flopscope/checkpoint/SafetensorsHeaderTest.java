package dev.flopscope.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.config.BadDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule of the format, broken once. A header says that eight bytes follow; T stands for a sound tensor of all of them. */
class SafetensorsHeaderTest {
    private static final String SOUND = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{T}}",
                "{\"a\":{T}}      ",
                "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{T}}",
                "{\"__metadata__\":{},\"a\":{T}}",
                "{\"a\":{T,\"more\":[1,2]}}",
                "{\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]},\"a\":{\"dtype\":\"I8\",\"shape\":[2,2],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}",
                "{\"e\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[0,0]},\"a\":{T}}",
                "{\"a\":{\"dtype\":\"F4\",\"shape\":[16],\"data_offsets\":[0,8]}}",
                "{\"é\":{T}}",
            })
    void soundHeaderIsRead(String header) {
        assertThat(read(header.replace("T", SOUND))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | must begin with {",
                "` {\"a\":{T}}` | must begin with {",
                "{ | is not JSON",
                "{\"a\":{T}}{} | something follows",
                "{\"a\":{T}},1 | is not JSON",
                "{\"a\":{T},\"a\":{T}} | Duplicate",
                "{\"a\":{T,\"dtype\":\"F32\"}} | Duplicate",
                "{\"a\":5} | a is not of the kind that it must be: start object",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}} | must have a dtype, a shape and two data_offsets",
                "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}} | must have a dtype, a shape and two data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}} | must have a dtype, a shape and two data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4,8]}} | must have a dtype, a shape and two data_offsets",
                "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}} | unknown dtype: dtype=F31",
                "{\"a\":{\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]}} | unknown dtype: dtype=f32",
                "{\"a\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}} | a.dtype is not of the kind",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | a.shape must not be negative: -2",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | a.shape is not of the kind",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}} | a.shape is not of the kind",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}} | nesting depth",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | has the bytes from 0 to 8, which its shape [3] of F32 does not take",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | has the bytes from 8 to 0",
                "{\"a\":{\"dtype\":\"F4\",\"shape\":[15],\"data_offsets\":[0,8]}} | which its shape [15] of F4 does not take",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}} | does not take",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551618],\"data_offsets\":[0,8]}} | is not JSON as it must be: Numeric value",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | begins at byte 4 of the data, where the one before it ends at 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | the tensors end at byte 4 of the data, which has 8 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | the tensors end at byte 12 of the data, which has 8 bytes",
                "{\"a\":{T},\"b\":{T}} | tensor b begins at byte 0 of the data, where the one before it ends at 8",
                "{} | the tensors end at byte 0 of the data, which has 8 bytes",
                "{\"__metadata__\":{\"format\":1},\"a\":{T}} | __metadata__.format is not of the kind that it must be: value string",
                "{\"__metadata__\":[],\"a\":{T}} | __metadata__ is not of the kind",
                "{\"a\":{T,\"more\":{\"deep\":{\"deeper\":1}}}} | nesting depth",
            })
    void headerThatBreaksARuleIsRefused(String header, String message) {
        assertThatThrownBy(() -> read(header.replace("T", SOUND)))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("x.safetensors: ")
                .hasMessageContaining(message);
    }

    @Test
    void headerThatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> SafetensorsHeader.read(
                        "x.safetensors", ByteBuffer.wrap(new byte[] {'{', '"', (byte) 0xff, '"'}), 8))
                .isInstanceOf(BadDataException.class)
                .hasMessage("x.safetensors: the header is not UTF-8 text");
    }

    private static List<TensorEntry> read(String header) {
        return SafetensorsHeader.read("x.safetensors", ByteBuffer.wrap(header.getBytes(StandardCharsets.UTF_8)), 8);
    }
}
