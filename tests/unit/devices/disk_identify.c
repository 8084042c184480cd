/* IDENTIFY DEVICE, word by word: ATA/ATAPI-5 clause 8.12. */
#include "disk_bench.h"

#include <criterion/criterion.h>
#include <string.h>

static uint16_t words[256];
static struct bench bench;

static void identify(struct bench *of)
{
    command(of, 0xEC);
    cr_expect(line(of));
    cr_expect_eq(get(of, STATUS), WITH_DATA);
    for (unsigned i = 0; i < 256; i += 2) {
        uint32_t pair = get(of, DATA);
        words[i] = (uint16_t)pair;
        words[i + 1] = (uint16_t)(pair >> 16);
    }
    cr_expect_eq(get(of, STATUS), WELL);
    cr_expect_not(line(of));
}

static void identify_size(uint32_t sector_count)
{
    struct bench sized = bench_with(bench.arena, store_memory_new(bench.arena, sector_count));
    identify(&sized);
}

static void set_up(void)
{
    bench = bench_new();
    identify(&bench);
}

static void tear_down(void)
{
    bench_free(&bench);
}

TestSuite(disk_identify, .init = set_up, .fini = tear_down);

static uint32_t pair_at(unsigned word)
{
    return words[word] | (uint32_t)words[word + 1] << 16;
}

/* The characters of a word string: the high byte comes first. */
static void expect_string(unsigned word, unsigned count, const char *string)
{
    char text[41] = {0};
    for (unsigned i = 0; i < count; i++) {
        text[2 * i] = (char)(words[word + i] >> 8);
        text[2 * i + 1] = (char)(words[word + i] & 0xFF);
    }
    cr_expect_eq(strlen(text), 2 * count);
    cr_expect_eq(strncmp(text, string, strlen(string)), 0, "%s", text);
    for (size_t i = strlen(string); i < 2 * count; i++)
        cr_expect_eq(text[i], ' ');
}

Test(disk_identify, it_is_an_ata_device_that_is_fixed)
{
    cr_expect_eq(words[0] >> 15, 0, "ATA");
    cr_expect_eq(words[0] >> 7 & 1, 0, "not removable");
    cr_expect_eq(words[0] >> 2 & 1, 0, "the response is complete");
    cr_expect_eq(words[2], 0xC837);
}

Test(disk_identify, total_of_sectors_is_in_words_60_and_61)
{
    uint32_t counts[] = {1, 62, 63, 5000, 65536, 1000000, 20000000, 0x0FFFFFFF};
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
        identify_size(counts[i]);
        cr_expect_eq(pair_at(60), counts[i]);
    }
    identify_size(0x10000000);
    cr_expect_eq(pair_at(60), 0x0FFFFFFF, "more than the words may say");
}

Test(disk_identify, lba_is_supported_and_dma_is_not)
{
    cr_expect_eq(words[49] >> 9 & 1, 1);
    cr_expect_eq(words[49] >> 8 & 1, 0);
    cr_expect_eq(words[63], 0);
    cr_expect_eq(words[53] >> 2 & 1, 0, "word 88, Ultra DMA, is not valid");
    cr_expect_eq(words[88], 0);
}

Test(disk_identify, pio_modes_up_to_4_are_supported)
{
    cr_expect_eq(words[53] >> 1 & 1, 1, "words 64 to 70 are valid");
    cr_expect_eq(words[64] & 0xFF, 3);
    cr_expect_eq(words[49] >> 11 & 1, 1, "with IORDY");
    cr_expect_leq(words[67], 383);
    cr_expect_eq(words[68], 120, "the cycle of mode 4");
}

Test(disk_identify, read_and_write_multiple_are_not_supported)
{
    cr_expect_eq(words[47], 0x8000);
    cr_expect_eq(words[59], 0);
}

Test(disk_identify, strings_have_the_first_character_in_the_high_byte_and_end_in_blanks)
{
    expect_string(10, 10, "1");
    expect_string(23, 4, "1.0");
    expect_string(27, 20, "VOUCH HARD DISK");
    cr_expect_eq(words[27], 'V' << 8 | 'O');
}

Test(disk_identify, default_translation_has_16_heads_and_63_sectors)
{
    cr_expect_eq(words[1], 4);
    cr_expect_eq(words[3], 16);
    cr_expect_eq(words[6], 63);
    cr_expect_eq(words[53] & 1, 1, "words 54 to 58 are valid");
    cr_expect_eq(words[54], 4);
    cr_expect_eq(words[55], 16);
    cr_expect_eq(words[56], 63);
    cr_expect_eq(pair_at(57), 4 * 16 * 63);
}

Test(disk_identify, small_disks_have_a_translation_too)
{
    identify_size(1);
    cr_expect_eq(words[1], 1);
    cr_expect_eq(words[3], 1);
    cr_expect_eq(words[6], 1);
    identify_size(200);
    cr_expect_eq(words[1], 1);
    cr_expect_eq(words[3], 3);
    cr_expect_eq(words[6], 63);
    cr_expect_eq(pair_at(57), 189);
}

Test(disk_identify, large_disks_have_16383_cylinders)
{
    identify_size(16383 * 16 * 63 + 100000);
    cr_expect_eq(words[1], 16383);
    cr_expect_eq(words[3], 16);
    cr_expect_eq(words[6], 63);
    cr_expect_eq(pair_at(57), 16383 * 16 * 63);
}

Test(disk_identify, current_translation_is_the_one_that_was_chosen)
{
    put(&bench, COUNT, 17);
    put(&bench, HEAD, 3);
    command(&bench, 0x91);
    identify(&bench);
    cr_expect_eq(words[54], 5000 / (4 * 17));
    cr_expect_eq(words[55], 4);
    cr_expect_eq(words[56], 17);
    cr_expect_eq(pair_at(57), 5000 / (4 * 17) * 4 * 17);
    cr_expect_eq(words[1], 4, "the default stays");
    cr_expect_eq(words[3], 16);
    cr_expect_eq(words[6], 63);
}

Test(disk_identify, versions_and_command_sets_are_valid)
{
    cr_expect_eq(words[80] & 0x20, 0x20, "ATA/ATAPI-5");
    cr_expect_eq(words[80] & 0xFFC0, 0, "nothing later");
    cr_expect_eq(words[82], 1 << 14 | 1 << 3, "NOP and power management");
    cr_expect_eq(words[83] >> 14, 1, "words 82 and 83 are valid");
    cr_expect_eq(words[84] >> 14, 1, "word 84 is valid");
    cr_expect_eq(words[85], words[82]);
    cr_expect_eq(words[87] >> 14, 1, "words 85 to 87 are valid");
}

Test(disk_identify, sum_of_all_bytes_is_0)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < 256; i++)
        sum += (words[i] & 0xFF) + (words[i] >> 8);
    cr_expect_eq(sum % 256, 0);
    cr_expect_eq(words[255] & 0xFF, 0xA5);
}

Test(disk_identify, words_that_are_reserved_are_0)
{
    unsigned reserved[][2] = {{7, 9}, {48, 48}, {69, 79}, {89, 254}};
    for (unsigned i = 0; i < 4; i++)
        for (unsigned word = reserved[i][0]; word <= reserved[i][1]; word++)
            cr_expect_eq(words[word], 0, "word %u", word);
}

Test(disk_identify, words_that_are_valid_by_their_bit_14_have_it)
{
    cr_expect_eq(words[50], 0x4000);
}

Test(disk_identify, old_drivers_find_pio_mode_2)
{
    cr_expect_eq(words[51] >> 8, 2);
}

Test(disk_identify, nothing_of_a_sector_that_was_read_before_is_left)
{
    uint16_t first[256];
    memcpy(first, words, sizeof first);
    store_put(&bench.store, 1, 0xFFFF);
    aim(&bench, 1, 1);
    command(&bench, 0x20);
    expect_sector(&bench, 0xFFFF);
    identify(&bench);
    cr_expect_arr_eq(words, first, sizeof first);
}

Test(disk_identify, it_does_not_read_the_medium)
{
    struct store_defect all = {0, BENCH_SECTORS, true, true};
    struct device_store store = store_defective_new(bench.arena, bench.store, &all, 1);
    struct bench broken = bench_with(bench.arena, store);
    identify(&broken);
    cr_expect_eq(pair_at(60), BENCH_SECTORS);
}
