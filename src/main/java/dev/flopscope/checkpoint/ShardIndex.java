package dev.flopscope.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.TextFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The index of a checkpoint in several files: which of them has which tensor. */
final class ShardIndex {
    private static final int MOST_MEBIBYTES = 100;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ShardIndex() {}

    /**
     * Reads an index.
     *
     * @return the name of a file for each tensor's
     * @throws BadDataException if it is not well formed, or names a file that is not in its folder
     */
    static Map<String, String> read(Path index) {
        JsonNode files = parsed(index).path("weight_map");
        if (!files.isObject() || files.isEmpty()) {
            throw new BadDataException(index.toString(), "must have a weight_map of tensors and files");
        }
        Map<String, String> shards = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : files.properties()) {
            String file = entry.getValue().isTextual() ? entry.getValue().asText() : "";
            if (!isNameOfAFile(file)) {
                throw new BadDataException(
                        index.toString(),
                        "tensor " + entry.getKey() + " must be in a file of this folder: weight_map="
                                + entry.getValue());
            }
            shards.put(entry.getKey(), file);
        }
        return shards;
    }

    private static JsonNode parsed(Path index) {
        try {
            return JSON.readTree(TextFile.read(index.toString(), index, MOST_MEBIBYTES));
        } catch (JsonProcessingException e) {
            throw new BadDataException(index.toString(), "is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Neither a path nor what means a folder, so that nothing outside the index's folder is opened. */
    private static boolean isNameOfAFile(String file) {
        return file.endsWith(".safetensors") && file.chars().noneMatch(at -> at == '/' || at == '\\' || at < ' ');
    }
}
