package org.postern.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.Decryptor;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.ParsedMessage;

/**
 * GBCS messages per CPU-second, one thread, warm: all responses and alerts of the reference data.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar org.postern.benchmarks.GbcsBenchmark ../shared/rtds [ROUNDS]}
 * prints one JSON object: per stage the median over the rounds of messages per second of thread CPU time, stages
 * interleaved. The bare verify rate of the provider is measured in the same rounds; it sets the ceiling of whatever
 * carries a signature.
 */
public final class GbcsBenchmark {

    private static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 4;

    /** One stage: does its work on all of its messages once. */
    private interface Stage {
        /** @return something of the work, so that none of it is optimised away */
        long run(List<byte[]> messages);
    }

    private record Measured(List<byte[]> messages, Stage stage, List<Double> rates) {}

    private static long sink;

    private GbcsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1) {
            System.err.println("usage: GbcsBenchmark RTDS-FOLDER [ROUNDS]");
            System.exit(2);
        }
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        Path root = Path.of(arguments[0]);
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(root.resolve("keystore"), ec, crypto);
        GbcsCodec codec = new GbcsCodec();
        List<byte[]> all = new ArrayList<>();
        List<byte[]> macOnly = new ArrayList<>();
        List<byte[]> signed = new ArrayList<>();
        for (byte[] bytes : read(root.resolve("RTDS-4.5.0"))) {
            GbcsMessage message = codec.decode(bytes);
            if (message.kind() == MessageKind.RESPONSE || message.kind() == MessageKind.ALERT) {
                all.add(bytes);
                (message.signature().isPresent() ? signed : macOnly).add(bytes);
            }
        }
        try (SharedSecretCache cache = new SharedSecretCache(10_000)) {
            Authenticator authenticator = new Authenticator(crypto, keys, cache, UseCaseTable.load(), ACB);
            Decryptor decryptor = new Decryptor(crypto, codec, keys, cache);
            GbcsParser parser = GbcsParser.over(keys, ec, cache, ACB);
            GbcsParser keyless = GbcsParser.over(new NoKeys(), ec, cache, ACB);
            Map<String, Measured> stages = new LinkedHashMap<>();
            stages.put("decode, all", new Measured(all, m -> decode(codec, m), new ArrayList<>()));
            stages.put(
                    "decode + MAC, MAC only",
                    new Measured(macOnly, m -> authenticate(codec, authenticator, m), new ArrayList<>()));
            stages.put(
                    "decode + MAC + decrypt, MAC only",
                    new Measured(macOnly, m -> decrypt(codec, authenticator, decryptor, m), new ArrayList<>()));
            stages.put(
                    "decode + MAC + decrypt + MMC, MAC only",
                    new Measured(macOnly, m -> parse(parser, m), new ArrayList<>()));
            stages.put(
                    "bare verify, signed",
                    new Measured(signed, bareVerify(codec, ec, keys, signed), new ArrayList<>()));
            stages.put(
                    "decode + signature, signed",
                    new Measured(signed, m -> authenticate(codec, authenticator, m), new ArrayList<>()));
            stages.put(
                    "decode + signature + decrypt + MMC, signed",
                    new Measured(signed, m -> parse(parser, m), new ArrayList<>()));
            stages.put(
                    "decode + MAC + signature + decrypt + MMC, all",
                    new Measured(all, m -> parse(parser, m), new ArrayList<>()));
            stages.put(
                    "decode + MMC without authentication, all",
                    new Measured(all, m -> parse(keyless, m), new ArrayList<>()));
            for (int round = 0; round < WARM_UP + rounds; round++) {
                for (Measured stage : stages.values()) {
                    double rate = rate(stage);
                    if (round >= WARM_UP) {
                        stage.rates().add(rate);
                    }
                }
            }
            print(ec, all, macOnly, signed, rounds, stages);
        }
    }

    private static List<byte[]> read(Path folder) throws IOException {
        List<byte[]> messages = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".HEX")).sorted().toList()) {
                messages.add(HexFormat.of().parseHex(Files.readString(file).strip()));
            }
        }
        return messages;
    }

    /** Messages per second of this thread's CPU time, over at least 300 ms of it. */
    private static double rate(Measured stage) {
        long messages = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        long end = start;
        while (end - start < 300_000_000L) {
            sink += stage.stage().run(stage.messages());
            messages += stage.messages().size();
            end = THREADS.getCurrentThreadCpuTime();
        }
        return messages * 1e9 / (end - start);
    }

    private static long decode(GbcsCodec codec, List<byte[]> messages) {
        long steps = 0;
        for (byte[] bytes : messages) {
            steps += codec.decode(bytes).steps();
        }
        return steps;
    }

    private static long authenticate(GbcsCodec codec, Authenticator authenticator, List<byte[]> messages) {
        long proven = 0;
        for (byte[] bytes : messages) {
            proven += authenticator.authenticate(codec.decode(bytes)).proven() ? 1 : 0;
        }
        return proven;
    }

    private static long decrypt(
            GbcsCodec codec, Authenticator authenticator, Decryptor decryptor, List<byte[]> messages) {
        long parts = 0;
        for (byte[] bytes : messages) {
            GbcsMessage message = codec.decode(bytes);
            parts += authenticator.authenticate(message).proven() ? 1 : 0;
            parts += decryptor.decrypt(message).parts().size();
        }
        return parts;
    }

    private static long parse(GbcsParser parser, List<byte[]> messages) {
        long length = 0;
        for (byte[] bytes : messages) {
            ParsedMessage parsed = parser.parse(bytes);
            length += parsed.mmc().map(m -> (long) m.xml().length).orElse(0L);
        }
        return length;
    }

    private static Stage bareVerify(GbcsCodec codec, EcProvider ec, PartyKeys keys, List<byte[]> signed) {
        List<PublicKey> publicKeys = new ArrayList<>();
        List<byte[]> inputs = new ArrayList<>();
        List<byte[]> signatures = new ArrayList<>();
        for (byte[] bytes : signed) {
            GbcsMessage message = codec.decode(bytes);
            publicKeys.add(ec.publicKey(keys.certificate(message.header().originator(), KeyUse.DIGITAL_SIGNATURE)
                    .orElseThrow()));
            inputs.add(message.toBeSigned().toArray());
            signatures.add(message.signature().orElseThrow().toArray());
        }
        return messages -> {
            long right = 0;
            for (int i = 0; i < inputs.size(); i++) {
                right += ec.verify(publicKeys.get(i), signatures.get(i), inputs.get(i)) ? 1 : 0;
            }
            return right;
        };
    }

    private static void print(
            EcProvider ec,
            List<byte[]> all,
            List<byte[]> macOnly,
            List<byte[]> signed,
            int rounds,
            Map<String, Measured> stages) {
        StringBuilder json = new StringBuilder();
        json.append(String.format(
                Locale.ROOT,
                "{%n  \"provider\": \"%s\", \"java\": \"%s\", \"processors\": %d, \"rounds\": %d,%n",
                ec.description(),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                rounds));
        json.append(String.format(
                Locale.ROOT,
                "  \"messages\": %d, \"MAC only\": %d, \"signed\": %d,%n  \"perCpuSecond\": {%n",
                all.size(),
                macOnly.size(),
                signed.size()));
        String separator = "";
        for (Map.Entry<String, Measured> stage : stages.entrySet()) {
            double[] sorted = stage.getValue().rates().stream()
                    .mapToDouble(d -> d)
                    .sorted()
                    .toArray();
            json.append(String.format(
                    Locale.ROOT,
                    "%s    \"%s\": {\"median\": %.0f, \"least\": %.0f, \"most\": %.0f, \"microseconds\": %.2f}",
                    separator,
                    stage.getKey(),
                    median(sorted),
                    sorted[0],
                    sorted[sorted.length - 1],
                    1e6 / median(sorted)));
            separator = String.format(",%n");
        }
        double bare = median(stages, "bare verify, signed");
        double whole = median(stages, "decode + signature + decrypt + MMC, signed");
        double mac = median(stages, "decode + MAC + decrypt, MAC only");
        double mapped = median(stages, "decode + MAC + decrypt + MMC, MAC only");
        json.append(String.format(
                Locale.ROOT,
                "%n  },%n  \"signed, share of the verify ceiling\": %.3f,%n"
                        + "  \"MAC only, times 2258 (the public parser)\": %.1f, \"the same with MMC\": %.1f%n}",
                whole / bare,
                mac / 2258,
                mapped / 2258));
        System.out.println(json);
        if (sink == 0) {
            System.err.println("nothing was done");
        }
    }

    private static double median(Map<String, Measured> stages, String name) {
        return median(
                stages.get(name).rates().stream().mapToDouble(d -> d).sorted().toArray());
    }

    private static double median(double[] sorted) {
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
    }

    /** No keys at all: nothing is authenticated or decrypted. */
    private static final class NoKeys implements PartyKeys {
        @Override
        public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
            return Optional.empty();
        }
    }
}
