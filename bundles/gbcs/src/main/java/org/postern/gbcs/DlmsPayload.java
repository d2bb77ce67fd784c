package org.postern.gbcs;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** DLMS/COSEM content (GBCS). */
public sealed interface DlmsPayload extends Payload {

    @Override
    default Family family() {
        return Family.DLMS;
    }

    /** Long invoke id: {@code 20} and the low 24 bits of the Originator Counter of the header. */
    int longInvokeId();

    /** The long invoke id for an Originator Counter. */
    static int longInvokeId(long counter) {
        return 0x20000000 | (int) (counter & 0xFFFFFF);
    }

    /** The operation of an access item; a selective get is {@link #GET} with a selection. */
    enum Operation {
        GET(1),
        SET(2),
        ACTION(3);

        private final int choice;

        Operation(int choice) {
            this.choice = choice;
        }

        /** Choice byte: 1 get, 2 set, 3 action. In requests, a get with selection is encoded as 4. */
        public int choice() {
            return choice;
        }
    }

    /**
     * Class, object and attribute or method.
     *
     * @param classId 0 to FFFF
     * @param obis the logical name
     * @param index attribute or method number, 0 to 255
     */
    record Target(int classId, Obis obis, int index) {
        public Target {
            Objects.requireNonNull(obis, "obis");
            if (classId < 0 || classId > 0xFFFF || index < 0 || index > 0xFF) {
                throw new IllegalArgumentException("class " + classId + ", index " + index);
            }
        }

        /** {@code 1/0-0:94.44.0.1/2}. */
        @Override
        public String toString() {
            return classId + "/" + obis + "/" + index;
        }
    }

    /** Access selector and its parameters. */
    record Selection(int selector, DlmsData parameters) {
        public Selection {
            Objects.requireNonNull(parameters, "parameters");
        }
    }

    /** One item of a request; for a get, the data is null data. */
    record RequestItem(Operation operation, Target target, Optional<Selection> selection, DlmsData data) {
        public RequestItem {
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(data, "data");
            if (selection.isPresent() && operation != Operation.GET) {
                throw new IllegalArgumentException("only a get is selective");
            }
        }

        public static RequestItem get(int classId, String obis, int attribute) {
            return new RequestItem(
                    Operation.GET,
                    new Target(classId, Obis.parse(obis), attribute),
                    Optional.empty(),
                    DlmsData.Null.VALUE);
        }

        public static RequestItem get(int classId, String obis, int attribute, int selector, DlmsData parameters) {
            return new RequestItem(
                    Operation.GET,
                    new Target(classId, Obis.parse(obis), attribute),
                    Optional.of(new Selection(selector, parameters)),
                    DlmsData.Null.VALUE);
        }

        public static RequestItem set(int classId, String obis, int attribute, DlmsData data) {
            return new RequestItem(
                    Operation.SET, new Target(classId, Obis.parse(obis), attribute), Optional.empty(), data);
        }

        public static RequestItem action(int classId, String obis, int method, DlmsData data) {
            return new RequestItem(
                    Operation.ACTION, new Target(classId, Obis.parse(obis), method), Optional.empty(), data);
        }
    }

    /** Access-Request. */
    record AccessRequest(int longInvokeId, List<RequestItem> items) implements DlmsPayload {
        public AccessRequest {
            items = List.copyOf(items);
        }

        /** A request with the long invoke id for the counter. */
        public static AccessRequest of(long counter, List<RequestItem> items) {
            return new AccessRequest(DlmsPayload.longInvokeId(counter), items);
        }
    }

    /**
     * One item of a response. Where the operation failed, the data is null data and the result is not zero.
     *
     * @param result data access or action result, 0 success to 255
     */
    record ResponseItem(Operation operation, int result, DlmsData data) {
        public ResponseItem {
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(data, "data");
            if (result < 0 || result > 0xFF) {
                throw new IllegalArgumentException("result " + result);
            }
        }

        public boolean success() {
            return result == 0;
        }
    }

    /** Access-Response: items in the order of the request. */
    record AccessResponse(int longInvokeId, List<ResponseItem> items) implements DlmsPayload {
        public AccessResponse {
            items = List.copyOf(items);
        }

        public static AccessResponse of(long counter, List<ResponseItem> items) {
            return new AccessResponse(DlmsPayload.longInvokeId(counter), items);
        }
    }

    /**
     * Data notification, which contains an alert: a structure of alert code, time of the event and further elements.
     *
     * @param body the whole structure; its first two elements are a u16 and an octet string of twelve bytes
     */
    record DataNotification(int longInvokeId, DlmsData.Structure body) implements DlmsPayload {

        public DataNotification {
            if (body.elements().size() < 2
                    || !(body.elements().get(0) instanceof DlmsData.Whole code)
                    || code.tag() != DlmsTag.UINT16
                    || !(body.elements().get(1) instanceof DlmsData.Octets time)
                    || time.tag() != DlmsTag.OCTET_STRING
                    || time.bytes().length() != DlmsDateTime.LENGTH) {
                throw new IllegalArgumentException("an alert begins with a u16 and an octet string of 12");
            }
        }

        public static DataNotification of(long counter, int alertCode, DlmsDateTime time, List<DlmsData> more) {
            List<DlmsData> all = new java.util.ArrayList<>();
            all.add(DlmsData.u16(alertCode));
            all.add(DlmsData.octets(time.bytes()));
            all.addAll(more);
            return new DataNotification(DlmsPayload.longInvokeId(counter), new DlmsData.Structure(all));
        }

        /** Alert code, 0 to FFFF. */
        public int alertCode() {
            return (int) ((DlmsData.Whole) body.elements().get(0)).value();
        }

        /** Time of the event. */
        public DlmsDateTime time() {
            return DlmsDateTime.of(((DlmsData.Octets) body.elements().get(1)).bytes());
        }

        /** Elements after alert code and time. */
        public List<DlmsData> more() {
            return body.elements().subList(2, body.elements().size());
        }
    }
}
