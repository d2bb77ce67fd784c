package org.postern.duis;

import static org.postern.catalogue.FaultActor.DCC;
import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of DUIS documents and their JSON form, PST-1010 to PST-1099. */
public enum DuisFault implements FaultCode {
    DOCUMENT_TOO_LARGE(stays(
            "PST-1010",
            SUPPLIER,
            "a document or JSON form that exceeds the size limit",
            "at most maxBytes bytes",
            "split it, or raise the size limit if such documents are expected")),
    DOCUMENT_TOO_COMPLEX(stays(
            "PST-1011",
            SUPPLIER,
            "a document that exceeds a structural limit: elements, depth, attributes, names, length of a tag",
            "within the structural limits",
            "split the document, or ask the sender to correct it")),
    FORBIDDEN_MARKUP(stays(
            "PST-1012",
            SUPPLIER,
            "a document type, an entity or a processing instruction",
            "no document type, no entities, no processing instructions",
            "send the document without it")),
    NOT_WELL_FORMED(stays(
            "PST-1013",
            SUPPLIER,
            "a document that is not well-formed XML 1.0 in UTF-8",
            "well-formed XML 1.0 with namespaces, in UTF-8",
            "ask the sender to correct it")),
    UNEXPECTED_TEXT(stays(
            "PST-1014",
            SUPPLIER,
            "text where DUIS permits only elements",
            "no text between elements",
            "remove the text between the elements")),
    FOREIGN_NAME(stays(
            "PST-1015",
            SUPPLIER,
            "an element or attribute of another namespace, or an invalid name",
            "an element of DUIS, of MMC or of a signature",
            "send a DUIS document")),
    ELEMENT_MISSING(stays("PST-1016", SUPPLIER, "an element that DUIS requires is missing", "required here", "add it")),
    UNEXPECTED_ELEMENT(stays(
            "PST-1017",
            SUPPLIER,
            "an element, attribute or member that DUIS does not permit at this position",
            "the elements of DUIS in their order",
            "correct the document; check the schema version agreed with the DCC")),
    INVALID_VALUE(stays(
            "PST-1018",
            SUPPLIER,
            "a value that the element does not permit, alone or in combination with other values",
            "a value of the type of the element, consistent with the rest of the document",
            "correct the value")),
    NO_SIGNATURE(stays(
            "PST-1020",
            DCC,
            "a document without a signature",
            "every document is signed",
            "unsigned documents are never accepted")),
    SEVERAL_SIGNATURES(stays(
            "PST-1021",
            DCC,
            "a document with more than one signature",
            "exactly one signature",
            "ask the sender to correct it")),
    SIGNATURE_MISPLACED(stays(
            "PST-1022",
            DCC,
            "a signature that is not the last child of the root",
            "the signature is the last child of the root",
            "ask the sender to correct it")),
    SIGNATURE_PROFILE(stays(
            "PST-1023",
            DCC,
            "a signature that does not follow the signature profile of DUIS",
            "the signature profile of DUIS",
            "only the signature profile of DUIS is accepted")),
    UNKNOWN_SIGNER(passes(
            "PST-1024",
            SECURITY_OFFICER,
            "a signature by a certificate that is unknown or not valid now",
            "a known certificate that is valid now",
            "import the certificate if it is genuine")),
    DIGEST_DIFFERS(stays(
            "PST-1025",
            SECURITY_OFFICER,
            "a document that was changed after it was signed",
            "the digest of the signature is that of the document",
            "treat the document as forged")),
    SIGNATURE_WRONG(stays(
            "PST-1026",
            SECURITY_OFFICER,
            "a signature that was not created with the key of the named certificate",
            "created with the key of the named certificate",
            "treat the document as forged")),
    SIGNER_KEY_UNUSABLE(stays(
            "PST-1027",
            SECURITY_OFFICER,
            "a known signing certificate whose key is not on P-256",
            "a certificate with a P-256 key",
            "remove the certificate from the certificate folder")),
    SCHEMA_INVALID(stays(
            "PST-1030",
            SUPPLIER,
            "a document that the official DUIS schema does not accept",
            "valid against the DUIS schema",
            "correct the document")),
    SCHEMAS_UNUSABLE(stays(
            "PST-1031",
            OPERATOR,
            "the folder of the official schemas cannot be read, or a schema does not compile",
            "an XML schema whose imports are in the same folder",
            "install the complete set of official schemas and check the permissions of the folder")),
    LIMITS_TOO_SMALL(stays(
            "PST-1032",
            OPERATOR,
            "limits for reading that no document could meet",
            "at least 1 byte, 4 deep, 10 elements, 4 attributes",
            "raise the limit")),
    NOT_JSON(stays(
            "PST-1040",
            SUPPLIER,
            "a submission that is not one JSON object",
            "one well-formed JSON object without duplicate names",
            "ask the sender to correct it")),
    JSON_MEMBER(stays(
            "PST-1041",
            SUPPLIER,
            "a member of the JSON form that is missing, unknown or of the wrong type",
            "the JSON form of a request: service, device, role, body, and commandVariant or delivery or topUp",
            "correct the member that field names, according to rule; docs/openapi.yaml specifies the form")),
    SIGNER_OUTPUT(stays(
            "PST-1050",
            OPERATOR,
            "the vault returned a signature of another form",
            "64 bytes, r then s",
            "check that the alias is a P-256 key"));

    private final FaultEntry entry;

    DuisFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
