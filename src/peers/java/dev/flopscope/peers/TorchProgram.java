package dev.flopscope.peers;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A model as a TorchScript archive: source text that libtorch compiles when it loads it. The weights are arguments, so that
 * libtorch reads Flopscope's own memory.
 *
 * <p>DJL's own operations lack fused attention and rms_norm, and cross from Java to native once an operation; a script has
 * all of libtorch and crosses once a pass.
 */
final class TorchProgram {
    private static final String SOURCE = """
            class Decoder(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def pack(self: __torch__.Decoder, w: List[Tensor]) -> List[Tensor]:
                packed = annotate(List[Tensor], [])
                for i in range(torch.len(w)):
                  _0 = torch.append(packed, ops.mkldnn._reorder_linear_weight(w[i], TOKENS))
                return packed
              def linear(self: __torch__.Decoder, x: Tensor, w: Tensor) -> Tensor:
                return LINEAR
              def norm(self: __torch__.Decoder, x: Tensor, gain: Tensor) -> Tensor:
                return torch.rms_norm(x, [MODEL_WIDTH], gain, EPSILON)
              def rotate(self: __torch__.Decoder, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
                a = torch.slice(x, 2, 0, HALF)
                b = torch.slice(x, 2, HALF, HEAD_WIDTH)
                first = torch.sub(torch.mul(a, cos), torch.mul(b, sin))
                second = torch.add(torch.mul(b, cos), torch.mul(a, sin))
                return torch.cat([first, second], 2)
              def split(self: __torch__.Decoder, x: Tensor, heads: int) -> Tensor:
                return torch.view(x, [TOKENS, heads, HEAD_WIDTH])
              def batch(self: __torch__.Decoder, x: Tensor) -> Tensor:
                return torch.unsqueeze(torch.transpose(x, 0, 1), 0)
              def attention(self: __torch__.Decoder, x: Tensor, w: List[Tensor], i: int, cos: Tensor, sin: Tensor) -> Tensor:
                q = self.rotate(self.split(self.linear(x, w[i]), HEADS), cos, sin)
                k = self.rotate(self.split(self.linear(x, w[torch.add(i, 1)]), KV_HEADS), cos, sin)
                v = self.split(self.linear(x, w[torch.add(i, 2)]), KV_HEADS)
                y = torch.scaled_dot_product_attention(self.batch(q), self.batch(k), self.batch(v), None, 0., True, scale=None, enable_gqa=GROUPED)
                joined = torch.reshape(torch.transpose(torch.squeeze(y, 0), 0, 1), [TOKENS, QUERY_WIDTH])
                return self.linear(joined, w[torch.add(i, 3)])
              def feed_forward(self: __torch__.Decoder, x: Tensor, w: List[Tensor], i: int) -> Tensor:
                up = self.linear(x, w[torch.add(i, 4)])
                return self.linear(ACTIVATION, w[torch.add(i, 5)])
              def forward(self: __torch__.Decoder, ids: Tensor, embedding: Tensor, w: List[Tensor], g: List[Tensor], cos: Tensor, sin: Tensor) -> Tensor:
                x = torch.embedding(embedding, ids)
                for layer in range(LAYERS):
                  i = torch.mul(layer, MATRICES)
                  j = torch.mul(layer, 2)
                  x = torch.add(x, self.attention(self.norm(x, g[j]), w, i, cos, sin))
                  x = torch.add(x, self.feed_forward(self.norm(x, g[torch.add(j, 1)]), w, i))
                return self.linear(self.norm(x, g[-1]), w[-1])
            """;

    private TorchProgram() {}

    /** Matrices of a block: query, key, value, output, up, down and, with SwiGLU, gate. */
    static int matrices(ModelConfig model) {
        return isGated(model) ? 7 : 6;
    }

    private static boolean isGated(ModelConfig model) {
        return model.firstBlock().feedForward() instanceof FeedForwardConfig.Gated;
    }

    /**
     * The archive, of a model whose blocks are all the same, for one sequence of {@code tokens} tokens.
     *
     * @param packed whether products are oneDNN's on weights packed beforehand, or those of libtorch's default BLAS
     */
    static byte[] build(ModelConfig model, int tokens, boolean packed) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream archive = new ZipOutputStream(bytes)) {
            store(archive, "data.pkl", pickle());
            store(archive, "code/__torch__.py", source(model, tokens, packed).getBytes(StandardCharsets.UTF_8));
            store(archive, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(archive, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String source(ModelConfig model, int tokens, boolean packed) {
        AttentionConfig heads = model.firstBlock().attention();
        String gated = "torch.mul(torch.silu(self.linear(x, w[torch.add(i, 6)])), up)";
        String activation = isGated(model) ? gated : "torch.gelu(up, approximate=\"tanh\")";
        String linear =
                packed ? "ops.mkldnn._linear_pointwise(x, w, None, \"none\", [], \"\")" : "torch.linear(x, w, None)";
        return SOURCE.replace("LINEAR", linear)
                .replace("ACTIVATION", activation)
                .replace("GROUPED", heads.numKvHeads() == heads.numHeads() ? "False" : "True")
                .replace("TOKENS", Integer.toString(tokens))
                .replace("MODEL_WIDTH", Integer.toString(model.dModel()))
                .replace("QUERY_WIDTH", Integer.toString(heads.queryWidth()))
                .replace("HEAD_WIDTH", Integer.toString(heads.headDim()))
                .replace("HALF", Integer.toString(heads.headDim() / 2))
                .replace("KV_HEADS", Integer.toString(heads.numKvHeads()))
                .replace("HEADS", Integer.toString(heads.numHeads()))
                .replace("LAYERS", Integer.toString(model.numLayers()))
                .replace("MATRICES", Integer.toString(matrices(model)))
                .replace(
                        "EPSILON",
                        String.format(
                                Locale.ROOT,
                                "%.17e",
                                ((NormConfig.Rms) model.head().norm()).epsilon()));
    }

    /** A Python pickle, protocol 2, of a Decoder whose only attribute is {@code training = False}. */
    private static byte[] pickle() {
        String key = "training";
        String text = "\u0080\u0002c__torch__\nDecoder\n)\u0081}X" + (char) key.length() + "\0\0\0" + key + "\u0089sb.";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Adds an entry uncompressed, which libtorch expects. */
    private static void store(ZipOutputStream archive, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry("decoder/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        archive.putNextEntry(entry);
        archive.write(content);
        archive.closeEntry();
    }
}
