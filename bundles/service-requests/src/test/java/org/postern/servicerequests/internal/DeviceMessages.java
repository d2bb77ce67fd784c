package org.postern.servicerequests.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.duis.CanonicalDuis;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.Obis;
import org.postern.gbcs.OpaquePayload;
import org.postern.gbcs.Payload;
import org.postern.gbcs.Supplement;
import org.postern.simulator.pki.SimulatorPki;

/**
 * What a device of the throwaway PKI says at the time of a dated command, as the DCC hands it on: signed by the one,
 * wrapped and signed by the other.
 */
final class DeviceMessages {

    private static final EcProvider EC = EcProvider.fastest();
    private static final int OUTCOME = 0x00CC;

    private final SimulatorPki pki;
    private long counter = 1_000_000;

    DeviceMessages(SimulatorPki pki) {
        this.pki = pki;
    }

    /** The outcome of one instruction: activation of that attribute of the account (GBCS, Alerts). */
    byte[] outcome(String requestId, String service, int messageCode, boolean actioned, int number, int total) {
        RequestId request = RequestId.parse(requestId);
        byte[] about = ByteBuffer.allocate(19)
                .putShort((short) messageCode)
                .putLong(request.counter())
                .putShort((short) 111)
                .put(Obis.parse("0-0:19.0.0.255").bytes().toArray())
                .put((byte) (10 + number))
                .array();
        GbcsCrypto crypto = new GbcsCrypto(EC);
        KeyFolder keys = new KeyFolder(pki.secretKeys(), EC, crypto);
        GroupingHeader header = GroupingHeader.alert(++counter, request.target(), request.originator(), OUTCOME);
        GbcsMessage bare = GbcsMessage.unsigned(
                header,
                DlmsPayload.DataNotification.of(
                        counter,
                        actioned ? 0x8F66 : 0x8F67,
                        DlmsDateTime.of(Instant.now(), false),
                        List.of(DlmsData.octets(Bytes.of(about)))));
        GbcsMessage alert = bare.signed(crypto.sign(
                keys.privateKey(request.target(), KeyUse.DIGITAL_SIGNATURE).orElseThrow(), bare.toBeSigned()));
        return signed(new DuisResponse(
                "5.4",
                Optional.of(request),
                Optional.of(request.responseId()),
                "I0",
                Instant.now(),
                new ResponseBody.ResponseMessage(
                        service,
                        service,
                        Optional.of(new ResponsePayload.FutureDatedDeviceAlertMessage(
                                actioned,
                                org.postern.duis.Bytes.of(alert.encoded().toArray()),
                                number,
                                total)))));
    }

    /** A device's good answer to a command of one action, as an engineer reads it on site. */
    byte[] actionDone(String requestId, int messageCode) {
        return results(RequestId.parse(requestId), messageCode, List.of(DlmsPayload.Operation.ACTION));
    }

    /**
     * The device's signed answer to a command, one good result without data for each operation, as the DCC hands it on.
     */
    byte[] answer(
            String requestId,
            String reference,
            String service,
            int messageCode,
            List<DlmsPayload.Operation> operations) {
        RequestId request = RequestId.parse(requestId);
        byte[] message = results(request, messageCode, operations);
        return signed(new DuisResponse(
                "5.4",
                Optional.of(request),
                Optional.of(request.responseId()),
                "I0",
                Instant.now(),
                new ResponseBody.ResponseMessage(
                        reference,
                        service,
                        Optional.of(new ResponsePayload.GbcsPayload(org.postern.duis.Bytes.of(message))))));
    }

    /** That message of the reference data, sent by the device in answer to the request and forwarded by the DCC. */
    byte[] answer(RequestId request, String reference, String service, byte[] message) {
        return signed(new DuisResponse(
                "5.4",
                Optional.of(request),
                Optional.of(request.responseId()),
                "I0",
                Instant.now(),
                new ResponseBody.ResponseMessage(
                        reference,
                        service,
                        Optional.of(new ResponsePayload.GbcsPayload(
                                org.postern.duis.Bytes.of(saidAnew(message, request)))))));
    }

    /** The device's refusal or not of a token: the one result of a CS01a, under the device's MAC. */
    byte[] tokenAnswer(RequestId request, int result) {
        GbcsMessage bare = GbcsMessage.unsigned(
                GroupingHeader.command(request.counter(), request.originator(), request.target(), 0x0007)
                        .response(),
                DlmsPayload.AccessResponse.of(
                        request.counter(),
                        List.of(new DlmsPayload.ResponseItem(
                                DlmsPayload.Operation.ACTION, result, DlmsData.Null.VALUE))));
        return answer(
                request, "2.2", "2.2", bare.wrapped(new byte[12]).encoded().toArray());
    }

    /** A Device Alert with a code and a time and nothing more, to that User. */
    byte[] alert(Eui64 meter, Eui64 user, int code, Instant time) {
        GbcsCrypto crypto = new GbcsCrypto(EC);
        GbcsMessage bare = GbcsMessage.unsigned(
                GroupingHeader.alert(++counter, meter, user, 0x1000),
                DlmsPayload.DataNotification.of(counter, code, DlmsDateTime.of(time, false), List.of()));
        GbcsMessage alert = bare.signed(crypto.sign(
                new KeyFolder(pki.secretKeys(), EC, crypto)
                        .privateKey(meter, KeyUse.DIGITAL_SIGNATURE)
                        .orElseThrow(),
                bare.toBeSigned()));
        return document(
                new RequestId(user, meter, counter),
                "I0",
                new ResponseBody.DeviceAlertMessage(
                        code,
                        org.postern.duis.Throttle.NONE,
                        org.postern.duis.Bytes.of(alert.encoded().toArray())));
    }

    private byte[] results(RequestId request, int messageCode, List<DlmsPayload.Operation> operations) {
        GbcsCrypto crypto = new GbcsCrypto(EC);
        GbcsMessage bare = GbcsMessage.unsigned(
                GroupingHeader.command(request.counter(), request.originator(), request.target(), messageCode)
                        .response(),
                DlmsPayload.AccessResponse.of(
                        request.counter(),
                        operations.stream()
                                .map(operation -> new DlmsPayload.ResponseItem(operation, 0, DlmsData.Null.VALUE))
                                .toList()));
        return bare.signed(crypto.sign(
                        new KeyFolder(pki.secretKeys(), EC, crypto)
                                .privateKey(request.target(), KeyUse.DIGITAL_SIGNATURE)
                                .orElseThrow(),
                        bare.toBeSigned()))
                .encoded()
                .toArray();
    }

    /** A message of other devices and requests, sent by this device in answer to that request, with new protection. */
    byte[] saidAnew(byte[] message, RequestId request) {
        GbcsCrypto crypto = new GbcsCrypto(EC);
        GbcsMessage given = new GbcsCodec().decode(message);
        GroupingHeader old = given.header();
        boolean ofTheDcc = old.target().equals(SimulatorPki.ACCESS_CONTROL_BROKER);
        boolean answer = old.cra() == 2 && !ofTheDcc;
        GroupingHeader header = new GroupingHeader(
                old.cra(),
                answer ? request.counter() : old.counter(),
                request.target(),
                ofTheDcc ? old.target() : request.originator(),
                old.dateTime(),
                old.messageCode(),
                old.supplement());
        Payload payload = given.payload() instanceof DlmsPayload.AccessResponse response && answer
                ? new DlmsPayload.AccessResponse(
                        DlmsPayload.AccessResponse.of(request.counter(), List.of())
                                .longInvokeId(),
                        response.items())
                : given.payload();
        GbcsMessage bare = GbcsMessage.unsigned(header, payload);
        KeyFolder keys = new KeyFolder(pki.secretKeys(), EC, crypto);
        if (!given.macWrapped()) {
            return bare.signed(crypto.sign(
                            keys.privateKey(request.target(), KeyUse.DIGITAL_SIGNATURE)
                                    .orElseThrow(),
                            bare.toBeSigned()))
                    .encoded()
                    .toArray();
        }
        byte[] z = keys.agree(
                        request.target(),
                        KeyUse.KEY_AGREEMENT,
                        new KeyFolder(pki.certificates(), EC, crypto)
                                .certificate(header.target(), KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        return bare.wrapped(crypto.mac(z, bare)).encoded().toArray();
    }

    /**
     * What this device signs under that message code, whatever its content: an answer to a request (2), or an alert
     * (3).
     */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // an answer goes from the target to the originator
    byte[] signedContent(int kind, RequestId request, int messageCode, String content) {
        GbcsCrypto crypto = new GbcsCrypto(EC);
        GbcsMessage bare = GbcsMessage.unsigned(
                new GroupingHeader(
                        kind,
                        request.counter(),
                        request.target(),
                        request.originator(),
                        Optional.empty(),
                        messageCode,
                        Supplement.NONE),
                new OpaquePayload(Bytes.ofHex(content)));
        return bare.signed(crypto.sign(
                        new KeyFolder(pki.secretKeys(), EC, crypto)
                                .privateKey(request.target(), KeyUse.DIGITAL_SIGNATURE)
                                .orElseThrow(),
                        bare.toBeSigned()))
                .encoded()
                .toArray();
    }

    /** A document of the DCC about a request or a device. */
    byte[] document(RequestId request, String code, ResponseBody body) {
        return signed(new DuisResponse(
                "5.4",
                body instanceof ResponseBody.DeviceAlertMessage ? Optional.empty() : Optional.of(request),
                Optional.of(request.responseId()),
                code,
                Instant.now(),
                body));
    }

    /** A document of whatever content, signed by the DCC with the JDK's signature. */
    byte[] signedText(String text) {
        return dcc(SimulatorPki.ACCESS_CONTROL_BROKER).signed(text);
    }

    private byte[] signed(DuisResponse response) {
        return signed(DuisWriter.write(response));
    }

    private byte[] signed(CanonicalDuis document) {
        return dcc(SimulatorPki.ACCESS_CONTROL_BROKER).signed(document);
    }

    private DccSignatory dcc(Eui64 signer) {
        return DccSignatory.of(pki, signer);
    }
}
