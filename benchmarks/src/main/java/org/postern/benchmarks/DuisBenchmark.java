package org.postern.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.postern.duis.Bytes;
import org.postern.duis.CanonicalDuis;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisSigner;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.SignerDirectory;
import org.postern.ecprovider.EcProvider;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What writing a document adds to the bare signature of its SignedInfo, and what reading adds to the bare verification:
 * every given request and its answer, one thread, CPU time, the four operations alternated in each round.
 *
 * <p>An answer is the device's given response to that request where there is one, else an acknowledgement. Apart from
 * the mix, the given requests are read as they are laid out, with indents and unused namespace declarations, signed by
 * the platform: {@code verifyLaidOutRatio}.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar org.postern.benchmarks.DuisBenchmark RTDS-FOLDER [--quick]}: the
 * last line is JSON with {@code signRatio} and {@code verifyRatio}, medians over the rounds of each round's own ratio.
 */
@Command(
        name = "duis",
        mixinStandardHelpOptions = true,
        description =
                "CPU of write and sign, and of verify and read, each against the bare operation. The last line is JSON.")
public final class DuisBenchmark implements Callable<Integer> {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 11;
    private static final int WARM_UP = 6;
    private static final long ROUND_NANOS = 400_000_000L;
    private static final long QUICK_NANOS = 80_000_000L;
    private static final double NANOS_IN_MICRO = 1000;

    /** One operation on the whole mix, and its CPU time for one document in each round. */
    private static final class Operation {
        private final String name;
        private final int documents;
        private final Supplier<Integer> onAll;
        private final double[] micros = new double[ROUNDS];

        private Operation(String name, int documents, Supplier<Integer> onAll) {
            this.name = name;
            this.documents = documents;
            this.onAll = onAll;
        }

        private double median() {
            return DuisBenchmark.median(micros);
        }
    }

    private final ThrowawayKey throwaway = ThrowawayKey.make();
    private final EcProvider ec = EcProvider.fastest();
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final X509Certificate certificate;
    private final DuisSigner signer;
    private final DuisVerifier verifier;
    private final List<DuisRequest> requests = new ArrayList<>();
    private final List<DuisResponse> responses = new ArrayList<>();
    /** The given requests as they are laid out, signed by the platform. */
    private final List<byte[]> laidOut = new ArrayList<>();

    @Parameters(
            index = "0",
            defaultValue = "../shared/rtds",
            description = "Folder of the reference requests and messages (default ${DEFAULT-VALUE}).")
    private Path root;

    @Option(names = "--quick", description = "Rounds of 0.08 s of CPU for each operation instead of 0.4 s.")
    private boolean quick;

    private DuisBenchmark() {
        certificate = throwaway.certificate();
        privateKey = ec.privateKey(throwaway.key().getEncoded());
        publicKey = ec.publicKey(certificate);
        signer = new DuisSigner(certificate, info -> ec.sign(privateKey, info));
        verifier = new DuisVerifier(DuisLimits.DEFAULT, SignerDirectory.of(List.of(certificate)), ec);
    }

    private void read(Path root) throws Exception {
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        for (Path file : files(root.resolve("duis-templates"), ".XML")) {
            byte[] template = Files.readAllBytes(file);
            DuisRequest request = reader.readRequest(template);
            laidOut.add(PlatformSigner.sign(template, throwaway));
            String response = file.getFileName().toString().replace("REQUEST_DUIS.XML", "RESPONSE_GBCS.HEX");
            Optional<ResponsePayload> payload = Optional.empty();
            for (Path found : files(root.resolve("RTDS-4.5.0"), response)) {
                payload = Optional.of(new ResponsePayload.GbcsPayload(
                        Bytes.of(HexFormat.of().parseHex(Files.readString(found).strip()))));
            }
            requests.add(request);
            responses.add(new DuisResponse(
                    "5.4",
                    Optional.of(request.requestId()),
                    Optional.of(request.requestId().responseId()),
                    "I0",
                    Instant.parse("2026-11-29T08:00:00Z"),
                    new ResponseBody.ResponseMessage(
                            request.serviceReference(), request.serviceReferenceVariant(), payload)));
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** Exit codes: 0 measured, 1 not, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DuisBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        read(root);
        run(quick ? QUICK_NANOS : ROUND_NANOS);
        return 0;
    }

    private void run(long roundNanos) {
        List<byte[]> signedRequests = new ArrayList<>();
        List<byte[]> signedResponses = new ArrayList<>();
        List<byte[]> infos = new ArrayList<>();
        DuisSigner remembering = new DuisSigner(certificate, info -> {
            infos.add(info);
            return ec.sign(privateKey, info);
        });
        requests.forEach(
                request -> signedRequests.add(remembering.sign(DuisWriter.write(request, DuisLimits.DEFAULT))));
        responses.forEach(response -> signedResponses.add(remembering.sign(DuisWriter.write(response))));
        List<byte[]> signatures =
                infos.stream().map(info -> ec.sign(privateKey, info)).toList();
        int all = infos.size();
        Operation bareSign = new Operation(
                "bare sign",
                all,
                () -> infos.stream()
                        .mapToInt(info -> ec.sign(privateKey, info).length)
                        .sum());
        Operation sign = new Operation(
                "write and sign",
                all,
                () -> requests.stream()
                                .mapToInt(r -> signer.sign(DuisWriter.write(r, DuisLimits.DEFAULT)).length)
                                .sum()
                        + responses.stream()
                                .mapToInt(r -> signed(DuisWriter.write(r)))
                                .sum());
        Operation bareVerify = new Operation("bare verify", all, () -> bareVerify(infos, signatures));
        Operation verify = new Operation(
                "verify and read",
                all,
                () -> signedRequests.stream()
                                .mapToInt(d -> verifier.verifyRequest(d)
                                        .document()
                                        .serviceReference()
                                        .length())
                                .sum()
                        + signedResponses.stream()
                                .mapToInt(d ->
                                        verifier.verifyResponse(d).content().length())
                                .sum());
        Operation verifyLaidOut = new Operation(
                "the same, laid out",
                laidOut.size(),
                () -> laidOut.stream()
                        .mapToInt(d -> verifier.verifyRequest(d)
                                .document()
                                .serviceReference()
                                .length())
                        .sum());
        List<Operation> operations = List.of(bareSign, sign, bareVerify, verify, verifyLaidOut);
        measure(operations, roundNanos);
        System.out.printf(
                Locale.ROOT,
                "%s; %d requests, %d answers; mean %d and %d bytes signed%n",
                ec.description(),
                requests.size(),
                responses.size(),
                mean(signedRequests),
                mean(signedResponses));
        operations.forEach(
                o -> System.out.printf(Locale.ROOT, "%-18s %7.2f us CPU for a document%n", o.name, o.median()));
        System.out.printf(
                Locale.ROOT,
                "{\"documents\":%d,\"rounds\":%d,\"signRatio\":%.3f,\"verifyRatio\":%.3f,\"verifyLaidOutRatio\":%.3f}%n",
                all,
                ROUNDS,
                ratio(sign, bareSign),
                ratio(verify, bareVerify),
                ratio(verifyLaidOut, bareVerify));
    }

    private int signed(CanonicalDuis document) {
        return signer.sign(document).length;
    }

    private int bareVerify(List<byte[]> infos, List<byte[]> signatures) {
        int right = 0;
        for (int i = 0; i < infos.size(); i++) {
            right += ec.verify(publicKey, signatures.get(i), infos.get(i)) ? 1 : 0;
        }
        return right;
    }

    private static void measure(List<Operation> operations, long roundNanos) {
        int done = 0;
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Operation operation : operations) {
                int passes = 0;
                long start = THREADS.getCurrentThreadCpuTime();
                long end = start;
                while (end - start < roundNanos) {
                    done |= operation.onAll.get();
                    passes++;
                    end = THREADS.getCurrentThreadCpuTime();
                }
                if (round >= 0) {
                    operation.micros[round] = (end - start) / NANOS_IN_MICRO / passes / operation.documents;
                }
            }
        }
        if (done == 0) {
            throw new IllegalStateException("nothing was done");
        }
    }

    private static double ratio(Operation whole, Operation bare) {
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ratios[i] = whole.micros[i] / bare.micros[i];
        }
        return median(ratios);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static int mean(List<byte[]> documents) {
        return documents.stream().mapToInt(d -> d.length).sum() / documents.size();
    }
}
