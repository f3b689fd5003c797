package dev.flopscope.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The tokens that end a text, as a checkpoint's {@code generation_config.json} says, else its {@code config.json}. */
public final class EndTokens {
    private static final int MEBIBYTES = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EndTokens() {}

    /**
     * Reads them.
     *
     * @param folder of a checkpoint
     * @return the ids under {@code eos_token_id}: one, several or none
     * @throws BadDataException if a file is there and cannot be read, or has anything else under that key
     */
    public static Set<Integer> of(Path folder) {
        for (String name : new String[] {"generation_config.json", "config.json"}) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                JsonNode ids = tree(file).path("eos_token_id");
                if (!ids.isMissingNode() && !ids.isNull()) {
                    return ids(file, ids);
                }
            }
        }
        return Set.of();
    }

    private static JsonNode tree(Path file) {
        try {
            return MAPPER.readTree(TextFile.read(file.toString(), file, MEBIBYTES));
        } catch (JsonProcessingException e) {
            throw new BadDataException(file.toString(), "is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Set<Integer> ids(Path file, JsonNode node) {
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode id : node.isArray() ? node : MAPPER.createArrayNode().add(node)) {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw new BadDataException(
                        file.toString(), "eos_token_id must be a token id or a list of them: " + node);
            }
            ids.add(id.intValue());
        }
        return ids;
    }
}
