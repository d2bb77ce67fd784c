package org.postern.intake.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Outcome;
import org.postern.servicerequests.Admission;

/** The answers to submissions, as JSON: at every interface a refusal has the form of RFC 9457. */
final class Refusals {

    static final ObjectMapper JSON = new ObjectMapper();

    private Refusals() {}

    static ObjectNode accepted(Admission.Accepted accepted) {
        ObjectNode answer = JSON.createObjectNode()
                .put("outcome", Outcome.ADMITTED.text())
                .put("id", accepted.id())
                .put("requestId", accepted.requestId())
                .put("again", accepted.repeated());
        accepted.token().ifPresent(token -> answer.put("utrn", token.value()).put("grouped", token.grouped()));
        return answer;
    }

    static ObjectNode problem(int status, Fault fault, Optional<String> id) {
        ObjectNode problem = problem(status, fault.code() + " " + fault.cause(), fault.action());
        problem.put("code", fault.code()).put("field", fault.field()).put("rule", fault.rule());
        if (!fault.mayPass()) {
            problem.put("outcome", Outcome.REJECTED.text());
        }
        id.ifPresent(known -> problem.put("id", known));
        return problem;
    }

    /** A refusal by the interface itself, before anything was read as a request. */
    static ObjectNode problem(int status, IntakeFault fault, String field, String detail) {
        return problem(status, fault.code() + " " + fault.entry().meaning(), detail)
                .put("code", fault.code())
                .put("field", field)
                .put("rule", fault.entry().rule());
    }

    private static ObjectNode problem(int status, String title, String detail) {
        return JSON.createObjectNode()
                .put("type", "about:blank")
                .put("status", status)
                .put("title", title)
                .put("detail", detail);
    }
}
