package org.postern.simulator.devices;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Authentication;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.Supplement;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.pki.KeySource;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.simulator.pki.SimulatorTable;

/** All simulated devices: they carry out commands and answer them, and raise alerts, each with its own keys. */
public final class MeterBank {

    private static final int GENERIC_CRITICAL_ALERT = 0x1000;
    private static final int GENERIC_NON_CRITICAL_ALERT = 0x1001;
    private static final int FIRMWARE_ALERT = 0x00CE;
    private static final int FIRMWARE_ALERT_GAS = 0x00CF;
    private static final int FIRMWARE_VERIFIED = 0x8F72;
    private static final int CLOCK_RELIABLE = 0x00;
    private static final int CLOCK_RELIABLE_FROM_GSME = 0x04;

    private final Map<Eui64, Meter> meters = new LinkedHashMap<>();
    private final Set<Integer> timed;
    private final GbcsCodec codec;
    private final GbcsCrypto crypto;
    private final KeyFolder keys;
    private final SharedSecretCache secrets;
    private final UseCaseTable useCases;
    private final Clock clock;
    private final DlmsAnswers dlms;
    private final GbzAnswers gbz;
    private final Asn1Answers asn1;
    private final DlmsChanges dlmsChanges = new DlmsChanges();
    private final GbzChanges gbzChanges = new GbzChanges();

    private final Population population;

    /**
     * @param folder of the keys, with the certificate of the root
     * @param ec with which the devices use keys that they make
     * @param source where they have these from
     */
    public MeterBank(
            Population population,
            GbcsCodec codec,
            GbcsCrypto crypto,
            KeyFolder keys,
            Path folder,
            EcProvider ec,
            KeySource source,
            SharedSecretCache secrets,
            UseCaseTable useCases,
            Clock clock) {
        this.population = population;
        AnchorCells cells = new AnchorCells(keys, folder);
        population.devices().forEach(d -> {
            TrustAnchors anchors = cells.of(d);
            meters.put(
                    d.deviceId(),
                    new Meter(
                            d,
                            population.seed(),
                            clock.millis(),
                            anchors,
                            new DeviceKeys(d.deviceId(), anchors, keys, ec, crypto, source),
                            crypto,
                            new DeviceLog(population.home(d.premises()).stream()
                                    .filter(o -> !o.equals(d))
                                    .toList())));
        });
        this.timed = SimulatorTable.rows(MeterBank.class, "timed-responses.tsv").stream()
                .map(r -> Integer.parseInt(r[0], 16))
                .collect(Collectors.toSet());
        this.codec = codec;
        this.crypto = crypto;
        this.keys = keys;
        this.secrets = secrets;
        this.useCases = useCases;
        this.clock = clock;
        this.dlms = new DlmsAnswers(codec, useCases, clock);
        this.gbz = new GbzAnswers(useCases, clock);
        this.asn1 = new Asn1Answers(useCases, cells.root(), secrets, clock);
    }

    /** All meters and other devices. */
    public Collection<Meter> meters() {
        return List.copyOf(meters.values());
    }

    /** The devices and their homes. */
    public Population population() {
        return population;
    }

    /** Base64 DER of a device's key-agreement certificate; empty where there is none. */
    public String agreementCertificate(Eui64 device) {
        return keys.certificate(device, KeyUse.KEY_AGREEMENT)
                .map(c -> Base64.getEncoder().encodeToString(Certificates.der(c)))
                .orElse("");
    }

    /** The device of that id. */
    public Optional<Meter> find(Eui64 deviceId) {
        return Optional.ofNullable(meters.get(deviceId));
    }

    /** The command as it goes over the air: in the Access Control Broker's MAC wrapper. */
    public GbcsMessage wrapped(GbcsMessage command) {
        Eui64 target = command.header().target();
        Meter meter = find(target).orElseThrow(() -> missing(target, "its commands"));
        X509Certificate certificate = meter.keys()
                .certificate(target, KeyUse.KEY_AGREEMENT)
                .orElseThrow(() -> missing(target, "key agreement"));
        return secrets.with(
                        keys,
                        SimulatorPki.ACCESS_CONTROL_BROKER,
                        KeyUse.KEY_AGREEMENT,
                        target,
                        certificate,
                        z -> command.wrapped(crypto.mac(z, command)))
                .orElseThrow(() -> missing(SimulatorPki.ACCESS_CONTROL_BROKER, "key agreement"));
    }

    /**
     * A non-critical command of the transform, ready for its MAC: most end with an empty signature field, which the
     * codec knows in a wrapper only; the others stop at their content, and the party in whose name they are signs them.
     */
    public GbcsMessage beforeMac(byte[] transformed) {
        GbcsMessage unsigned;
        try {
            unsigned = codec.decode(transformed);
        } catch (GbcsRefusal endsWithAnEmptyField) {
            return codec.decode(Arrays.copyOf(transformed, transformed.length - 1))
                    .unsigned();
        }
        Eui64 party = unsigned.header().originator();
        return unsigned.signed(crypto.sign(
                keys.privateKey(party, KeyUse.DIGITAL_SIGNATURE).orElseThrow(() -> missing(party, "digital signature")),
                unsigned.toBeSigned()));
    }

    /**
     * What a device does with a command.
     *
     * @param answer complete response with MAC or signature, encrypted where it must be
     * @param dated what it will do later
     * @param topUp what became of a top-up token: accepted, rejected or duplicate
     */
    public record Carried(GbcsMessage answer, Optional<Dated> dated, Optional<String> topUp) {}

    /**
     * Carries the command out, or takes it to carry it out later, and answers it. A device takes no notice of a command
     * whose counter is not above the floor that it keeps for the originator.
     *
     * @param fails the device does nothing and answers that it could not
     */
    public Optional<Carried> carryOut(Meter meter, GbcsMessage command, boolean fails) {
        synchronized (meter) {
            long floor = meter.anchors().floorOf(command.header().originator());
            if (floor > 0 && Long.compareUnsigned(command.header().counter(), floor) <= 0) {
                return Optional.empty();
            }
            GroupingHeader answered = header(meter, command);
            Eui64 recipient = answered.supplementaryParty().orElse(answered.target());
            long counter = answered.supplementaryOriginatorCounter().orElse(answered.counter());
            Optional<X509Certificate> given =
                    command.header().supplement().certificate().flatMap(Certificates::read);
            UnaryOperator<Bytes> encrypt = plain -> agreed(
                    meter,
                    recipient,
                    given,
                    z -> crypto.encrypt(z, meter.device().deviceId(), counter, recipient, plain));
            int code = answered.messageCode();
            Answer answer = command.payload()
                    .fold(
                            d -> dlms(meter, command.header(), (DlmsPayload.AccessRequest) d, encrypt, fails),
                            g -> gbz(meter, command.header(), (GbzPayload.Components) g, encrypt, fails),
                            a -> {
                                Asn1Answers.Answer made = asn1.answer(meter, command, fails);
                                return new Answer(made.payload(), made.dated());
                            },
                            o -> {
                                throw new IllegalStateException("a command of no family");
                            });
            answer.dated().ifPresent(dated -> dated.instructions().forEach(meter::keep));
            return Optional.of(new Carried(
                    protect(
                            meter,
                            answered,
                            answer.payload(),
                            signs(
                                    code,
                                    MessageKind.RESPONSE,
                                    command.signature().isPresent())),
                    answer.dated(),
                    answer.topUp()));
        }
    }

    /** Carries the command out and answers it. */
    public GbcsMessage answer(Meter meter, GbcsMessage command) {
        return carryOut(meter, command, false).orElseThrow().answer();
    }

    private record Answer(Payload payload, Optional<Dated> dated, Optional<String> topUp) {

        private Answer(Payload payload, Optional<Dated> dated) {
            this(payload, dated, Optional.empty());
        }
    }

    private Answer dlms(
            Meter meter,
            GroupingHeader header,
            DlmsPayload.AccessRequest request,
            UnaryOperator<Bytes> encrypt,
            boolean fails) {
        if (fails) {
            return new Answer(Failures.dlms(request), Optional.empty());
        }
        Optional<TopUps.Verdict> verdict =
                TopUpAnswers.token(request).map(t -> meter.topUps().judge(t, OptionalLong.of(header.counter())));
        if (verdict.isPresent() && verdict.get() != TopUps.Verdict.ACCEPTED) {
            return new Answer(
                    TopUpAnswers.refusal(request, verdict.get()), Optional.empty(), TopUpAnswers.word(verdict));
        }
        DlmsChanges.Split split = dlmsChanges.split(
                meter, header, request, later -> dlms.answer(meter, header.messageCode(), later, encrypt));
        return new Answer(
                dlms.answer(meter, header.messageCode(), split.now(), encrypt),
                split.dated(),
                TopUpAnswers.word(verdict));
    }

    private Answer gbz(
            Meter meter,
            GroupingHeader header,
            GbzPayload.Components request,
            UnaryOperator<Bytes> encrypt,
            boolean fails) {
        if (fails) {
            return new Answer(Failures.gbz(request), Optional.empty());
        }
        Optional<TopUps.Verdict> verdict =
                TopUpAnswers.token(request).map(t -> meter.topUps().judge(t, OptionalLong.of(header.counter())));
        if (verdict.isPresent() && verdict.get() != TopUps.Verdict.ACCEPTED) {
            return new Answer(
                    TopUpAnswers.refusal(request, verdict.get()), Optional.empty(), TopUpAnswers.word(verdict));
        }
        GbzChanges.Split split = gbzChanges.split(
                meter, header, request, later -> gbz.answer(meter, header.messageCode(), later, encrypt));
        return new Answer(
                gbz.answer(meter, header.messageCode(), split.now(), encrypt),
                split.dated(),
                TopUpAnswers.word(verdict));
    }

    /** To a User whose certificate came with the command, the device answers with a counter of its own. */
    private static GroupingHeader response(Meter meter, GroupingHeader command) {
        Supplement asked = command.supplement();
        return asked.certificate().isEmpty()
                ? command.response()
                : command.response()
                        .withSupplement(Supplement.of(
                                asked.party().orElseThrow(), asked.counter().orElseThrow(), meter.nextCounter()));
    }

    private GroupingHeader header(Meter meter, GbcsMessage command) {
        GroupingHeader header = response(meter, command.header());
        if (!timed.contains(header.messageCode())) {
            return header;
        }
        DlmsDateTime now = DlmsDateTime.of(clock.instant(), false);
        DeviceType type = meter.device().type();
        return header.withDateTime(
                type == DeviceType.GPF
                        ? now.withClockStatus(CLOCK_RELIABLE)
                        : type == DeviceType.GSME ? now.withClockStatus(CLOCK_RELIABLE_FROM_GSME) : now);
    }

    /**
     * One instruction whose time has come, done or not, and the signed alert about it.
     *
     * @param actioned whether it was done
     */
    public record Effect(boolean actioned, GbcsMessage alert) {}

    /**
     * Does instruction number i (from 0) of a dated command; empty where it was cancelled or replaced meanwhile.
     *
     * @param may false where a fault keeps the device from it
     */
    public Optional<Effect> takeEffect(Meter meter, Dated dated, int i, boolean may) {
        synchronized (meter) {
            Instruction instruction = dated.instructions().get(i);
            if (!meter.due(instruction)) {
                return Optional.empty();
            }
            long counter = meter.nextCounter();
            Instruction.Outcome outcome = instruction.takeEffect(may, clock.instant(), counter);
            GroupingHeader header = GroupingHeader.alert(
                    counter, meter.device().deviceId(), dated.recipient(), instruction.alertCode());
            return Optional.of(new Effect(outcome.actioned(), protect(meter, header, outcome.payload(), true)));
        }
    }

    /**
     * A generic alert of the device: critical ones are signed, others carry a MAC.
     *
     * @param alertCode 0 to FFFF
     * @param recipient the User it is for
     */
    public GbcsMessage alert(Meter meter, int alertCode, boolean critical, Eui64 recipient) {
        long counter = meter.nextCounter();
        int code = critical ? GENERIC_CRITICAL_ALERT : GENERIC_NON_CRITICAL_ALERT;
        GroupingHeader header = GroupingHeader.alert(counter, meter.device().deviceId(), recipient, code);
        Payload payload = zigbee(meter)
                ? new GbzPayload.Alert(
                        1,
                        alertCode,
                        clock.instant().getEpochSecond() - DlmsDateTime.EPOCH_2000,
                        Bytes.EMPTY,
                        List.of())
                : DlmsPayload.DataNotification.of(
                        counter, alertCode, DlmsDateTime.of(clock.instant(), false), List.of());
        return protect(meter, header, payload, critical);
    }

    /** A token keyed in at the meter, judged and where it is right put on the balance as by a command. */
    public String keypad(Meter meter, String digits) {
        synchronized (meter) {
            TopUps.Verdict verdict = meter.topUps().judge(digits, OptionalLong.empty());
            if (verdict == TopUps.Verdict.ACCEPTED) {
                if (zigbee(meter)) {
                    gbz.answer(meter, TopUpAnswers.CODE_GAS, TopUpAnswers.gas(digits), plain -> plain);
                } else {
                    dlms.answer(meter, TopUpAnswers.CODE, TopUpAnswers.electricity(digits), plain -> plain);
                }
            }
            return TopUpAnswers.word(Optional.of(verdict)).orElseThrow();
        }
    }

    /** An alert of a device and its code. */
    public record Alert(GbcsMessage message, int code) {}

    /** A device takes an image and keeps it; the alert that says so. */
    public Alert firmware(Meter meter, byte[] image, String version, Eui64 recipient) {
        Bytes hash = Firmware.hash(image);
        meter.firmwareStore().hold(new Firmware.Image(hash, Firmware.version(version)));
        long counter = meter.nextCounter();
        boolean zigbee = zigbee(meter);
        Payload payload = zigbee
                ? new GbzPayload.Alert(
                        1,
                        FIRMWARE_VERIFIED,
                        clock.instant().getEpochSecond() - DlmsDateTime.EPOCH_2000,
                        Bytes.ofHex("0920" + hash.hex()),
                        List.of())
                : DlmsPayload.DataNotification.of(
                        counter,
                        FIRMWARE_VERIFIED,
                        DlmsDateTime.of(clock.instant(), false),
                        List.of(DlmsData.octets(hash)));
        GroupingHeader header = GroupingHeader.alert(
                counter, meter.device().deviceId(), recipient, zigbee ? FIRMWARE_ALERT_GAS : FIRMWARE_ALERT);
        return new Alert(protect(meter, header, payload, true), FIRMWARE_VERIFIED);
    }

    private static boolean zigbee(Meter meter) {
        return meter.device().type() == DeviceType.GSME || meter.device().type() == DeviceType.GPF;
    }

    /** The signature of a Signed Pre-Command, by the certificate that the device knows its originator by. */
    public Authentication authenticateSignedPreCommand(GbcsMessage message) {
        Meter meter = find(message.header().target())
                .orElseThrow(() -> missing(message.header().target(), "its commands"));
        return new Authenticator(crypto, meter.keys(), secrets, useCases, SimulatorPki.ACCESS_CONTROL_BROKER)
                .authenticateSignedPreCommand(message);
    }

    /** Where both protections occur for a code, a signed command gets a signed answer. */
    private boolean signs(int code, MessageKind kind, boolean askedSigned) {
        Set<UseCaseTable.Protection> right = useCases.protection(code, kind);
        boolean mac = right.contains(UseCaseTable.Protection.MAC);
        boolean signature = right.contains(UseCaseTable.Protection.SIGNATURE);
        return mac == signature ? askedSigned : signature;
    }

    private GbcsMessage protect(Meter meter, GroupingHeader header, Payload payload, boolean signed) {
        GbcsMessage bare = GbcsMessage.unsigned(header, payload);
        Eui64 device = meter.device().deviceId();
        if (signed) {
            return bare.signed(crypto.sign(
                    meter.keys().signingKey().orElseThrow(() -> missing(device, "digital signature")),
                    bare.toBeSigned()));
        }
        return agreed(meter, header.target(), Optional.empty(), z -> bare.wrapped(crypto.mac(z, bare)));
    }

    private <R> R agreed(Meter meter, Eui64 peer, Optional<X509Certificate> given, Function<byte[], R> use) {
        return given.or(() -> meter.keys().certificate(peer, KeyUse.KEY_AGREEMENT))
                .flatMap(c -> secrets.with(meter.keys(), meter.device().deviceId(), KeyUse.KEY_AGREEMENT, peer, c, use))
                .orElseThrow(() -> missing(peer, "key agreement"));
    }

    private static PosternException missing(Eui64 party, String use) {
        return new PosternException(SimulatorFault.PKI_FILE.fault(
                party.hex(), "a certificate and key for " + use, "none in the simulator's folder"));
    }

    /** The codec that the devices use. */
    public GbcsCodec codec() {
        return codec;
    }
}
