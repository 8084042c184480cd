/* The contracts of an image together: a proof holds only with the proofs it rests on. */
#include "validator/check/contract_check.h"

#include "base/require.h"

/* What is known of a routine's proof while those it rests on are looked at. */
enum standing { STANDING_UNSEEN, STANDING_OPEN, STANDING_SETTLED };

struct settling {
    struct arena *arena;
    struct contract_proof *proofs;
    enum standing *standings;
    size_t count;
};

static struct contract_proof unproved(const struct image_symbol *code,
                                      const struct contract *contract, const char *reason)
{
    return (struct contract_proof){
        .finding =
            {
                .symbol = contract->symbol,
                .contract = contract->text,
                .status = CONTRACT_ASSUMED,
                .reason = reason,
                .code_start = code->address,
                .code_end = code->address + code->size_bytes,
            },
    };
}

static size_t proof_of(const struct settling *settling, const struct contract *contract)
{
    size_t i = 0;
    while (i < settling->count && settling->proofs[i].finding.symbol != contract->symbol)
        i++;
    return i;
}

static void give_up(struct settling *settling, struct contract_finding *finding, const char *format,
                    const char *symbol)
{
    if (finding->status != CONTRACT_PROVED)
        return;
    finding->status = CONTRACT_ASSUMED;
    finding->reason = arena_printf(settling->arena, "its proof rests on %s%s", symbol, format);
}

/* Settles the routines called first. The depth is bounded by the number of contracts. */
static void settle(struct settling *settling, size_t index)
{
    struct contract_proof *proof = &settling->proofs[index];
    settling->standings[index] = STANDING_OPEN;
    uint32_t frame_bytes = proof->finding.frame_bytes;
    for (size_t i = 0; i < proof->uses.count; i++) {
        const struct routine_use *use = &proof->uses.at[i];
        size_t other = proof_of(settling, use->contract);
        if (other == settling->count) {
            give_up(settling, &proof->finding, ", which has no code", use->contract->symbol);
            continue;
        }
        if (settling->standings[other] == STANDING_UNSEEN)
            settle(settling, other);
        const struct contract_finding *callee = &settling->proofs[other].finding;
        if (settling->standings[other] == STANDING_OPEN)
            give_up(settling, &proof->finding, ", and so on itself", callee->symbol);
        else if (callee->status != CONTRACT_PROVED)
            give_up(settling, &proof->finding, ", which is not proved", callee->symbol);
        uint32_t distance = (uint32_t)(use->displacement < 0 ? -(int64_t)use->displacement
                                                             : (int64_t)use->displacement);
        if (distance + callee->frame_bytes > frame_bytes)
            frame_bytes = distance + callee->frame_bytes;
    }
    proof->finding.frame_bytes = frame_bytes;
    settling->standings[index] = STANDING_SETTLED;
}

struct contract_proof *contracts_check_all(struct arena *arena, const struct subject *subject,
                                           const struct contract_certificates *certificates,
                                           uint32_t rlimit, bool wants_evidence, size_t *count)
{
    const struct target *target = subject->target;
    struct settling settling = {
        .arena = arena,
        .proofs = ARENA_ARRAY(arena, struct contract_proof, target->contract_count),
        .standings = ARENA_ARRAY(arena, enum standing, target->contract_count),
    };
    for (size_t i = 0; i < target->contract_count; i++) {
        const struct contract *contract = &target->contracts[i];
        const struct image_symbol *code = contract_code(subject, contract);
        if (code == NULL)
            continue;
        struct contract_input input = {
            .subject = subject,
            .contract = contract,
            .file = certificates->files[i],
            .certificate = certificates->texts[i],
            .rlimit = rlimit,
            .wants_evidence = wants_evidence,
        };
        settling.proofs[settling.count++] =
            input.certificate.at == NULL
                ? unproved(code, contract, "there is no certificate for it")
                : contract_check(arena, &input);
    }
    for (size_t i = 0; i < settling.count; i++)
        if (settling.standings[i] == STANDING_UNSEEN)
            settle(&settling, i);
    *count = settling.count;
    return settling.proofs;
}
