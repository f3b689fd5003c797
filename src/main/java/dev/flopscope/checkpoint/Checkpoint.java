package dev.flopscope.checkpoint;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.CheckpointFormats;
import dev.flopscope.config.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tensors of a folder: of {@code model.safetensors}, else of the files that {@code model.safetensors.index.json} names, else
 * of all {@code .safetensors} files. F32, F16 and BF16 are read; what has another type may be there, unread.
 */
public final class Checkpoint implements StoredTensors, AutoCloseable {
    private static final String WHOLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String ENDING = ".safetensors";

    private final Path folder;
    private final List<TensorFile> files = new ArrayList<>();
    private final Map<String, Stored> tensors = new LinkedHashMap<>();
    private final ThreadLocal<ReadAhead> readers = ThreadLocal.withInitial(ReadAhead::new);

    private record Stored(TensorFile file, TensorEntry entry) {}

    private Checkpoint(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens the files of a folder and reads their headers.
     *
     * @throws BadDataException if there are none, one is not well formed, or they do not fit each other
     */
    public static Checkpoint open(Path folder) {
        Checkpoint checkpoint = new Checkpoint(folder);
        try {
            checkpoint.open();
            return checkpoint;
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private void open() {
        Path index = folder.resolve(INDEX);
        if (Files.exists(folder.resolve(WHOLE))) {
            add(WHOLE);
        } else if (Files.exists(index)) {
            Map<String, String> shards = ShardIndex.read(index);
            new TreeSet<>(shards.values()).forEach(this::add);
            requireIndexed(index, shards);
        } else {
            unindexed().forEach(this::add);
        }
    }

    private List<String> unindexed() {
        try (Stream<Path> all = Files.list(folder)) {
            List<String> names = all.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ENDING))
                    .sorted()
                    .toList();
            if (names.isEmpty()) {
                throw CheckpointFormats.lacks(folder, ENDING + " file");
            }
            return names;
        } catch (IOException e) {
            throw new BadDataException(folder.toString(), "cannot be read: " + TextFile.reason(e), e);
        }
    }

    private void add(String name) {
        TensorFile file = TensorFile.open(folder.resolve(name));
        files.add(file);
        for (TensorEntry entry : file.tensors()) {
            Stored before = tensors.put(entry.name(), new Stored(file, entry));
            if (before != null) {
                throw new BadDataException(
                        file.name(),
                        "tensor " + entry.name() + " is in " + before.file().name() + " as well");
            }
        }
    }

    private void requireIndexed(Path index, Map<String, String> shards) {
        shards.forEach((tensor, shard) -> {
            Stored found = tensors.get(tensor);
            if (found == null
                    || !found.file().name().equals(folder.resolve(shard).toString())) {
                throw new BadDataException(
                        index.toString(), "tensor " + tensor + " is not in " + shard + ", where the index has it");
            }
        });
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public List<Long> shape(String name) {
        return stored(name).entry().shape();
    }

    private Stored stored(String name) {
        Stored stored = tensors.get(name);
        if (stored == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return stored;
    }

    @Override
    public void read(String name, long first, float[] values) {
        Stored stored = stored(name);
        ElementType type = stored.entry().type();
        if (!type.isRead()) {
            throw new BadDataException(
                    stored.file().name(), "tensor " + name + " is of " + type + "; F32, F16 and BF16 are read");
        }
        readers.get().read(stored.file(), stored.entry(), first, values);
    }

    @Override
    public void close() {
        files.forEach(TensorFile::close);
    }
}
