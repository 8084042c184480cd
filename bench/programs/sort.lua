-- Quicksort of pseudo-random numbers, again and again: sort.c0.
local numbers = {}

-- Orders numbers[first] to numbers[last].
local function sort(first, last)
  local low = first
  local high = last
  local pivot = numbers[(first + last) // 2]
  while low <= high do
    while numbers[low] < pivot do
      low = low + 1
    end
    while pivot < numbers[high] do
      high = high - 1
    end
    if low <= high then
      local kept = numbers[low]
      numbers[low] = numbers[high]
      numbers[high] = kept
      low = low + 1
      high = high - 1
    end
  end
  if first < high then
    sort(first, high)
  end
  if low < last then
    sort(low, last)
  end
end

local function main()
  local seed = 1
  local total = 0
  local round = 0
  while round < 120 do
    local i = 0
    while i < 20000 do
      seed = (seed * 1103 + 12345) & 0xffff
      numbers[i] = seed
      i = i + 1
    end
    sort(0, 19999)
    i = 0
    while i < 20000 do
      total = (total + numbers[i]) & 0xfffffff
      i = i + 97
    end
    round = round + 1
  end
  return total
end

print(main())
