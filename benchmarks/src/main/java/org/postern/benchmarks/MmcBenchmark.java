package org.postern.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.Decryptor;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.GbcsParser;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the mapping to MMC costs of reading a message that carries no signature: every given response and alert of that
 * kind is read with the mapping and without, one thread, CPU time, alternated.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar org.postern.benchmarks.MmcBenchmark RTDS-FOLDER [--quick]
 * [--against OTHER.jar]}: the last line is JSON with {@code mappingMicros}; with the benchmarks' jar of another commit,
 * both are measured in the same rounds and {@code mappingRatio} is this one's mapping over the other's.
 */
@Command(
        name = "mmc",
        mixinStandardHelpOptions = true,
        description = "CPU of the mapping of device messages to MMC. The last line is JSON.")
public final class MmcBenchmark implements Callable<Integer> {

    private static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    private static final String PLAIN = "decode, MAC, decrypt";
    private static final String MAPPED = "the same with MMC";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 11;
    /** What the compilers have not finished costs several times as much, so this is not shortened. */
    private static final long WARM_UP_NANOS = 6_000_000_000L;

    private static final long ROUND_NANOS = 300_000_000L;
    private static final long QUICK_NANOS = 60_000_000L;

    @Parameters(
            index = "0",
            defaultValue = "../shared/rtds",
            description = "Folder of the reference messages (default ${DEFAULT-VALUE}).")
    private Path root;

    @Option(names = "--against", description = "The benchmarks.jar of another commit, measured in turn.")
    private Path against;

    @Option(names = "--quick", description = "Rounds of 0.06 s of CPU instead of 0.3 s.")
    private boolean quick;

    private MmcBenchmark() {}

    /**
     * What is measured, by name, each on all messages once: of the platform's types, since another jar's is called,
     * too.
     */
    public static Map<String, Supplier<Long>> stages(Path root) throws IOException {
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(root.resolve("keystore"), ec, crypto);
        GbcsCodec codec = new GbcsCodec();
        SharedSecretCache cache = new SharedSecretCache(10_000);
        Authenticator authenticator = new Authenticator(crypto, keys, cache, UseCaseTable.load(), ACB);
        Decryptor decryptor = new Decryptor(crypto, codec, keys, cache);
        GbcsParser parser = GbcsParser.over(keys, ec, cache, ACB);
        List<byte[]> messages = messages(root.resolve("RTDS-4.5.0"), codec);
        Map<String, Supplier<Long>> stages = new LinkedHashMap<>();
        stages.put(PLAIN, () -> {
            long sum = messages.size();
            for (byte[] bytes : messages) {
                GbcsMessage message = codec.decode(bytes);
                sum += authenticator.authenticate(message).proven() ? 1 : 0;
                sum += decryptor.decrypt(message).parts().size();
            }
            return sum;
        });
        stages.put(MAPPED, () -> {
            long sum = messages.size();
            for (byte[] bytes : messages) {
                sum += parser.parse(bytes).mmc().map(m -> m.xml().length).orElse(0);
            }
            return sum;
        });
        stages.put("messages", () -> (long) messages.size());
        return stages;
    }

    private static List<byte[]> messages(Path folder, GbcsCodec codec) throws IOException {
        List<byte[]> messages = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".HEX")).sorted().toList()) {
                byte[] bytes = HexFormat.of().parseHex(Files.readString(file).strip());
                GbcsMessage message = codec.decode(bytes);
                if ((message.kind() == MessageKind.RESPONSE || message.kind() == MessageKind.ALERT)
                        && message.signature().isEmpty()) {
                    messages.add(bytes);
                }
            }
        }
        return messages;
    }

    /** Exit codes: 0 measured, 1 not, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MmcBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Map<String, Supplier<Long>>> sides = new ArrayList<>(List.of(stages(root)));
        if (against != null) {
            sides.add(other(against, root));
        }
        double[][] plain = new double[sides.size()][ROUNDS];
        double[][] mapped = new double[sides.size()][ROUNDS];
        for (Map<String, Supplier<Long>> side : sides) {
            micros(side, PLAIN, WARM_UP_NANOS);
            micros(side, MAPPED, WARM_UP_NANOS);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int side = 0; side < sides.size(); side++) {
                plain[side][round] = micros(sides.get(side), PLAIN, quick ? QUICK_NANOS : ROUND_NANOS);
                mapped[side][round] = micros(sides.get(side), MAPPED, quick ? QUICK_NANOS : ROUND_NANOS);
            }
        }
        print(sides.get(0).get("messages").get(), plain, mapped);
        return 0;
    }

    /** The stages over the classes of another jar; this class comes from here where that jar does not have it. */
    @SuppressWarnings("unchecked")
    private static Map<String, Supplier<Long>> other(Path jar, Path root) throws Exception {
        URL here = MmcBenchmark.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL(), here}, ClassLoader.getPlatformClassLoader());
        return (Map<String, Supplier<Long>>) loader.loadClass(MmcBenchmark.class.getName())
                .getMethod("stages", Path.class)
                .invoke(null, root);
    }

    private static double micros(Map<String, Supplier<Long>> side, String stage, long nanos) {
        long messages = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        long end = start;
        while (end - start < nanos) {
            if (side.get(stage).get() == 0) {
                throw new IllegalStateException("nothing was done");
            }
            messages += side.get("messages").get();
            end = THREADS.getCurrentThreadCpuTime();
        }
        return (end - start) / 1000.0 / messages;
    }

    private static void print(long messages, double[][] plain, double[][] mapped) {
        double[] mapping = new double[plain.length];
        for (int side = 0; side < plain.length; side++) {
            double[] difference = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                difference[i] = mapped[side][i] - plain[side][i];
            }
            mapping[side] = DuisBenchmark.median(difference);
            System.out.printf(
                    Locale.ROOT,
                    "%-5s %s %.2f us, %s %.2f us, mapping %.2f us CPU for a message%n",
                    side == 0 ? "this" : "other",
                    PLAIN,
                    DuisBenchmark.median(plain[side]),
                    MAPPED,
                    DuisBenchmark.median(mapped[side]),
                    mapping[side]);
        }
        System.out.printf(
                Locale.ROOT,
                "{\"messages\":%d,\"rounds\":%d,\"plainMicros\":%.2f,\"mappingMicros\":%.2f%s}%n",
                messages,
                ROUNDS,
                DuisBenchmark.median(plain[0]),
                mapping[0],
                mapping.length == 1
                        ? ""
                        : String.format(Locale.ROOT, ",\"mappingRatio\":%.3f", mapping[0] / mapping[1]));
    }
}
